"""Places, boxes and curves: laws that hold for any network, and what small ones look like."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from kg.boxes import label_box, text_width
from kg.curves import Bend, curves
from kg.layout import ABOVE, BELOW, COLUMNS, Layout, arrange
from kg.palette import CLASSES, PLAIN, SIGNS, SURFACES, class_looks, contrast, in_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

Sizes = list[tuple[float, float]]
Network = tuple[Sizes, list[str], list[tuple[int, int]]]


@st.composite
def networks(draw: st.DrawFn) -> Network:
    count = draw(st.integers(0, 70))
    size = st.tuples(st.integers(40, 230).map(float), st.integers(32, 90).map(float))
    sizes = draw(st.lists(size, min_size=count, max_size=count))
    lanes = draw(st.lists(st.sampled_from([*COLUMNS, *ABOVE, *BELOW]), min_size=count, max_size=count))
    node = st.integers(0, count - 1)
    links = draw(st.lists(st.tuples(node, node), max_size=120)) if count else []
    return sizes, lanes, links


def overlaps(placed: Layout, sizes: Sequence[tuple[float, float]]) -> list[tuple[int, int]]:
    boxes = list(zip(placed.centres, sizes, strict=True))
    return [
        (one, other)
        for (one, ((x1, y1), (w1, h1))), (other, ((x2, y2), (w2, h2))) in itertools.combinations(enumerate(boxes), 2)
        if abs(x1 - x2) < (w1 + w2) / 2 and abs(y1 - y2) < (h1 + h2) / 2
    ]


@given(networks(), st.booleans())
def test_every_node_has_a_place_and_no_boxes_overlap(network: Network, down: bool) -> None:
    sizes, lanes, links = network
    placed = arrange(sizes, lanes, links, down=down)
    assert len(placed.centres) == len(sizes)
    assert all(math.isfinite(x) and math.isfinite(y) for x, y in placed.centres)
    assert overlaps(placed, sizes) == []


@given(networks(), st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_links_does_not_move_anything(network: Network, down: bool, random: Random) -> None:
    sizes, lanes, links = network
    shuffled = [*links, *links[:3]]
    random.shuffle(shuffled)
    assert arrange(sizes, lanes, shuffled, down=down) == arrange(sizes, lanes, links, down=down)


@given(networks(), st.booleans())
def test_every_node_stands_inside_its_own_lane(network: Network, down: bool) -> None:
    sizes, lanes, links = network
    placed = arrange(sizes, lanes, links, down=down)
    regions = {region.name: region for region in placed.lanes}
    assert set(regions) == set(lanes)
    for (x, y), (width, height), lane in zip(placed.centres, sizes, lanes, strict=True):
        region = regions[lane]
        assert region.left <= x - width / 2 + 1
        assert x + width / 2 - 1 <= region.right
        assert region.top <= y - height / 2 + 1
        assert y + height / 2 - 1 <= region.bottom


def test_a_pathway_runs_from_left_to_right_with_strategies_below() -> None:
    lanes = ["origins", "mechanisms", "mechanisms", "symptoms", "outcomes", "strategies"]
    placed = arrange([(90.0, 40.0)] * 6, lanes, [(0, 1), (1, 2), (2, 3), (3, 4), (5, 2)])
    xs = [x for x, _ in placed.centres[:5]]
    assert xs == sorted(set(xs))
    assert len({y for _, y in placed.centres[:5]}) == 1
    assert placed.centres[5][1] > placed.centres[2][1]
    assert placed.centres[5][0] == placed.centres[2][0]


def test_on_an_upright_screen_a_pathway_runs_from_top_to_bottom() -> None:
    placed = arrange([(90.0, 40.0)] * 3, ["origins", "mechanisms", "symptoms"], [(0, 1), (1, 2)], down=True)
    ys = [y for _, y in placed.centres]
    assert ys == sorted(set(ys))
    assert len({x for x, _ in placed.centres}) == 1


def test_a_feedback_loop_is_laid_out_from_where_most_leads_away() -> None:
    # 0 -> 1 -> 2 -> 0, and 0 also leads to 3: the loop opens before 0.
    placed = arrange([(90.0, 40.0)] * 4, ["mechanisms"] * 4, [(0, 1), (1, 2), (2, 0), (0, 3)])
    first = min(range(4), key=lambda node: placed.centres[node][0])
    assert first == 0


def test_rows_are_ordered_so_that_parallel_chains_do_not_cross() -> None:
    # a -> z, b -> y, c -> x: the second column must be turned upside down.
    lanes = ["origins"] * 3 + ["symptoms"] * 3
    placed = arrange([(90.0, 40.0)] * 6, lanes, [(0, 5), (1, 4), (2, 3)])
    assert [placed.centres[node][1] for node in (0, 1, 2)] == [placed.centres[node][1] for node in (5, 4, 3)]


def test_parallel_and_opposing_edges_are_drawn_apart() -> None:
    centres, sizes = [(0, 0), (300, 0)], [(90.0, 40.0)] * 2
    forth, again, back = curves(centres, sizes, [(0, 1), (0, 1), (1, 0)])
    # Which side a curve passes on: clockwise seen from node 0 is counterclockwise seen from node 1.
    sides = [
        curve.roundness * (1 if curve.bend is Bend.CLOCKWISE else -1) * way
        for curve, way in ((forth, 1), (again, 1), (back, -1))
    ]
    assert len(set(sides)) == 3


def test_a_lone_edge_is_led_around_a_box_in_its_way() -> None:
    centres, sizes = [(0, 0), (200, 0), (400, 0)], [(90.0, 40.0)] * 3
    (free,) = curves(centres[::2], sizes[:2], [(0, 1)])
    (led,) = curves(centres, sizes, [(0, 2)])
    assert free.bend is Bend.ACROSS
    assert led.bend in {Bend.CLOCKWISE, Bend.COUNTER}
    assert led.roundness > 0


def test_curves_of_an_upright_layout_are_those_of_the_other_mirrored() -> None:
    sizes, edges = [(90.0, 40.0)] * 3, [(0, 1), (1, 0), (1, 2)]
    across = curves([(0, 0), (200, 0), (400, 60)], sizes, edges)
    down = curves([(0, 0), (0, 200), (60, 400)], [(40.0, 90.0)] * 3, edges, down=True)
    assert [curve.roundness for curve in down] == [curve.roundness for curve in across]
    assert (across[2].bend, down[2].bend) == (Bend.ACROSS, Bend.UPRIGHT)
    assert across[0].bend is not down[0].bend


@given(st.text(max_size=300), st.sampled_from(sorted({look.shape for look in CLASSES.values()})))
def test_a_label_of_any_text_gets_a_box_of_bounded_size(label: str, shape: str) -> None:
    box = label_box(label, shape)
    assert 1 <= len(box.lines) <= 4
    assert box.width <= 190 + 2 * 19 + 1
    assert all(text_width(line) <= box.width for line in box.lines)


def test_a_long_label_is_broken_between_words_and_then_cut() -> None:
    assert label_box("weakness in both legs", "flag").lines == ("weakness in", "both legs")
    assert label_box("word " * 60, "flag").lines[-1].endswith("…")


def test_text_stands_out_from_its_fill_and_borders_from_the_ground() -> None:
    for look in [*CLASSES.values(), PLAIN]:
        for theme in ("light", "dark"):
            colours = look.light if theme == "light" else look.dark
            assert contrast(colours.text, colours.fill) >= 4.5, (look, theme)
            assert contrast(colours.border, SURFACES[theme]) >= 3, (look, theme)
    for sign in SIGNS.values():
        for theme in ("light", "dark"):
            # Signs colour words as well as lines.
            assert contrast(str(sign[theme]), SURFACES[theme]) >= 4.5, (sign, theme)


def test_classes_differ_in_shape_as_well_as_in_colour() -> None:
    assert len({look.shape for look in CLASSES.values()}) == len(CLASSES)
    assert len({look.light.border for look in CLASSES.values()}) == len(CLASSES)


def test_unknown_classes_are_told_apart_and_stand_in_a_lane_of_their_own() -> None:
    looks = class_looks({"Drug", "Gene", "", "Symptom"})
    assert looks["Symptom"] is CLASSES["Symptom"]
    assert looks["Drug"].shape != looks["Gene"].shape
    assert {looks[name].lane for name in ("Drug", "Gene", "")} == {"other"}


def test_a_relation_reads_as_words() -> None:
    assert in_words("kg:increasesRiskOf") == "increases risk of"
