"""LitServe around transformers.pipeline, with its batching on: `litserve_app.py FOLDER PORT`."""

import sys
from typing import Any

import litserve
from transformers import pipeline

# requests of a statement each; the pipeline gets their sentences as one list
_REQUESTS, _WINDOW_SECONDS, _BATCH = 8, 0.005, 32


class Stances(litserve.LitAPI):
    """Scores `{"sentences": […]}`."""

    def setup(self, device: str) -> None:
        """Load the transformers folder."""
        self._pipeline = pipeline(
            "text-classification", sys.argv[1], top_k=None, batch_size=_BATCH, device=device
        )

    def decode_request(self, request: dict[str, Any]) -> list[str]:
        """Return the sentences of a request."""
        return list(request["sentences"])

    def batch(self, inputs: list[list[str]]) -> list[list[str]]:
        """Return the requests that were waiting together, as they are."""
        return inputs

    def predict(self, inputs: list[list[str]]) -> list[list[Any]]:
        """Score the sentences of all requests together."""
        answers = iter(self._pipeline([text for each in inputs for text in each], truncation=True))
        return [[next(answers) for _ in each] for each in inputs]

    def unbatch(self, output: list[list[Any]]) -> list[list[Any]]:
        """Return the answers to each request, as they are."""
        return output

    def encode_response(self, output: list[Any]) -> dict[str, Any]:
        """Return the answer to one request."""
        return {"sentences": output}


if __name__ == "__main__":
    api = Stances(max_batch_size=_REQUESTS, batch_timeout=_WINDOW_SECONDS)
    server = litserve.LitServer(api, accelerator="cpu", timeout=120)
    server.run(
        host="127.0.0.1", port=int(sys.argv[2]), generate_client_file=False, num_api_servers=1
    )
