"""moto's S3, one request at a time: its threads check a condition and write in two steps, between which others win as well."""

from functools import wraps
from threading import Lock

from moto import server

turn = Lock()
call = server.DomainDispatcherApplication.__call__


@wraps(call)
def call_in_turn(self, environ, start_response):
    with turn:
        return call(self, environ, start_response)


server.DomainDispatcherApplication.__call__ = call_in_turn
server.main()
