"""What is refused because intake has too much to do is posted again, after the time that it asks for."""

import httpx2
from claimstream_cli import client


def test_a_file_that_came_at_a_busy_moment_is_posted_again_under_the_same_key(monkeypatch):
    slept, keys = [], []
    monkeypatch.setattr(client.time, "sleep", slept.append)

    def intake(request):
        keys.append(request.headers["Idempotency-Key"])
        if len(keys) < 3:
            return httpx2.Response(429, headers={"Retry-After": "2"}, json={"title": "Too much at once"})
        return httpx2.Response(202, json={"encounters": [{"encounter_id": "E1"}]})

    with httpx2.Client(transport=httpx2.MockTransport(intake), base_url="http://intake") as http:
        answer = client.post_encounters(http, b'{"encounter_id": "E1"}')

    assert (answer.taken, slept, len(set(keys))) == (True, [2.0, 2.0], 1)
