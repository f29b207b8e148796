#!/usr/bin/env python3
"""A stand-in for a model server, for the quickstart and the tests. There is no model in it.

It speaks the OpenAI protocol as a model server does (models, chat completions, completions, embeddings, streams with
usage) and says in every answer what it is. With --api-key-file it refuses every request that does not carry that key,
as a model server on a shared host should; without, it is open, as most model servers are by default.

    model_server.py --port 18001 --model demo/chat --api-key-file FILE

Python's standard library only. Listens on 127.0.0.1 and nowhere else.
"""

import argparse
import hmac
import http.server
import json
import signal
import sys
import time

NAME = "gatehouse-stand-in/1.0 (stand-in, not a model)"
NOTE = "stand-in, not a model"
MAX_BODY = 64 << 20


def words_of(value):
    """The words of a prompt or a list of chat messages; what stands for tokens here."""
    if isinstance(value, str):
        return value.split()
    if isinstance(value, list):
        return [word for item in value for word in words_of(item)]
    if isinstance(value, dict):
        return words_of(value.get("content", value.get("text", "")))
    return [str(value)] if isinstance(value, int) else []


class Refused(Exception):
    def __init__(self, status, message):
        super().__init__(message)
        self.status = status
        self.message = message


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = NAME
    sys_version = ""
    timeout = 120

    def log_message(self, *arguments):
        pass

    # --- answers

    def send_json(self, status, document):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Stand-In", NOTE)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def send_error_document(self, status, message):
        self.send_json(status, {"error": {"message": f"{message} ({NOTE})", "type": "invalid_request_error",
                                          "param": None, "code": None}})

    def send_stream(self, events):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("X-Stand-In", NOTE)
        self.end_headers()
        for event in events:
            text = event if isinstance(event, str) else json.dumps(event)
            data = f"data: {text}\n\n".encode()
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
            self.wfile.flush()
            time.sleep(self.server.delay)
        self.wfile.write(b"0\r\n\r\n")

    # --- requests

    def read_body(self):
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self.read_chunks()
        length = int(self.headers.get("Content-Length") or 0)
        if length > MAX_BODY:
            self.close_connection = True
            raise Refused(413, "the body is too large")
        return self.rfile.read(length)

    def read_chunks(self):
        parts, total = [], 0
        while True:
            size = int(self.rfile.readline(1024).split(b";")[0], 16)
            total += size
            if total > MAX_BODY:
                self.close_connection = True
                raise Refused(413, "the body is too large")
            if size == 0:
                while self.rfile.readline(8192).strip():
                    pass
                return b"".join(parts)
            parts.append(self.rfile.read(size))
            self.rfile.readline(8)

    def read_request(self):
        try:
            request = json.loads(self.read_body())
        except (ValueError, UnicodeDecodeError):
            raise Refused(400, "the body is not JSON") from None
        if not isinstance(request, dict):
            raise Refused(400, "the body is no JSON object")
        if request.get("model") not in self.server.models:
            raise Refused(404, f"the model {request.get('model')!r} does not exist")
        return request

    def check_key(self):
        """The key is compared as bytes and in constant time; health checks are no exception."""
        if self.server.key is None:
            return
        given = self.headers.get("Authorization", "").encode("latin-1", "replace")
        if not hmac.compare_digest(given, b"Bearer " + self.server.key):
            self.close_connection = True
            raise Refused(401, "no valid API key")

    def answer(self, work):
        try:
            self.check_key()
            work()
        except Refused as refused:
            self.send_error_document(refused.status, refused.message)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def do_GET(self):
        self.answer(self.get)

    def do_POST(self):
        self.answer(self.post)

    def do_other(self):
        self.answer(self.refuse_method)

    do_HEAD = do_OPTIONS = do_PUT = do_PATCH = do_DELETE = do_other

    def refuse_method(self):
        self.close_connection = True
        raise Refused(405, "no such method here")

    def get(self):
        path = self.path.split("?")[0]
        if path == "/health":
            self.send_json(200, {"status": "ok", "note": NOTE})
        elif path == "/v1/models":
            self.send_json(200, {"object": "list", "data": [
                {"id": model, "object": "model", "created": 0, "owned_by": NOTE} for model in self.server.models]})
        else:
            raise Refused(404, "no such route")

    def post(self):
        path = self.path.split("?")[0]
        work = {"/v1/chat/completions": self.chat, "/v1/completions": self.complete,
                "/v1/embeddings": self.embed}.get(path)
        if work is None:
            self.read_body()
            raise Refused(404, "no such route")
        work(self.read_request())

    def reply_words(self, request, asked):
        limit = request.get("max_completion_tokens") or request.get("max_tokens")
        words = f"This is a {NOTE}: it read {len(asked)} words and thought about none of them.".split()
        return words[:limit] if isinstance(limit, int) and limit > 0 else words

    def chat(self, request):
        asked = words_of(request.get("messages", []))
        said = self.reply_words(request, asked)
        head = {"id": f"stand-in-{time.time_ns()}", "created": int(time.time()), "model": request["model"],
                "system_fingerprint": NOTE}
        usage = {"prompt_tokens": len(asked), "completion_tokens": len(said), "total_tokens": len(asked) + len(said)}
        if request.get("stream"):
            self.send_stream(self.chat_events({**head, "object": "chat.completion.chunk"}, said, usage))
            return
        self.send_json(200, {**head, "object": "chat.completion", "usage": usage, "choices": [
            {"index": 0, "message": {"role": "assistant", "content": " ".join(said)}, "finish_reason": "stop"}]})

    @staticmethod
    def chat_events(head, said, usage):
        for number, word in enumerate(said):
            yield {**head, "choices": [{"index": 0, "delta": {"content": (" " if number else "") + word},
                                        "finish_reason": None}]}
        yield {**head, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
        yield {**head, "choices": [], "usage": usage}
        yield "[DONE]"

    def complete(self, request):
        asked = words_of(request.get("prompt", ""))
        said = self.reply_words(request, asked)
        head = {"id": f"stand-in-{time.time_ns()}", "object": "text_completion", "created": int(time.time()),
                "model": request["model"], "system_fingerprint": NOTE}
        usage = {"prompt_tokens": len(asked), "completion_tokens": len(said), "total_tokens": len(asked) + len(said)}
        if request.get("stream"):
            texts = [{**head, "choices": [{"index": 0, "text": word + " ", "finish_reason": None}]} for word in said]
            self.send_stream(texts + [{**head, "choices": [], "usage": usage}, "[DONE]"])
            return
        self.send_json(200, {**head, "usage": usage, "choices": [
            {"index": 0, "text": " ".join(said), "finish_reason": "stop", "logprobs": None}]})

    def embed(self, request):
        given = request.get("input", "")
        texts = given if isinstance(given, list) and given and not isinstance(given[0], int) else [given]
        count = sum(len(words_of(text)) for text in texts)
        self.send_json(200, {"object": "list", "model": request["model"], "note": NOTE,
                             "usage": {"prompt_tokens": count, "total_tokens": count},
                             "data": [{"object": "embedding", "index": index, "embedding": [0.0] * 8}
                                      for index in range(len(texts))]})


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128


def main():
    parser = argparse.ArgumentParser(description="A stand-in for a model server. There is no model in it.")
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1; 0: any free one, printed")
    parser.add_argument("--model", action="append", required=True, help="model id to answer for; may be repeated")
    parser.add_argument("--api-key-file", help="file with the key that every request must carry; without it: open")
    parser.add_argument("--delay", type=float, default=0.02, help="seconds between the events of a stream")
    arguments = parser.parse_args()
    try:
        server = Server(("127.0.0.1", arguments.port), Handler)
    except OSError as error:
        sys.exit(f"model_server.py: cannot listen on 127.0.0.1 port {arguments.port}: {error.strerror}; "
                 "end what listens there or give another --port")
    server.models = arguments.model
    server.key = None
    if arguments.api_key_file:
        with open(arguments.api_key_file, "rb") as file:
            server.key = file.read().strip()
        if not server.key:
            sys.exit(f"model_server.py: {arguments.api_key_file} is empty; put the key there")
    server.delay = arguments.delay
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print(f"{NAME} at http://127.0.0.1:{server.server_port} for {', '.join(arguments.model)}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
