"""The graph over HTTP: a SPARQL 1.1 endpoint that only reads, pages, and pathway answers as JSON.

::

    client -- app (one process, asyncio) --.-- worker (one process, one query at a time)
                    |                      |-- worker
                    '----- nursery --------'-- ...

The *app* speaks HTTP and knows no graph. The *nursery* builds the graph once and forks a *worker* from itself whenever the app
asks for one, so that a worker is there in milliseconds and shares the graph's memory with all others. Whatever a client sent is
parsed and run in a worker only; one that takes too long or grows too large is killed, and no other notices.
"""
