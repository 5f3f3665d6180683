"""Runs a Python function in a process of its own. It is no sandbox: the function can do what the user can do.

Speaks the same frames as node.mjs: a line of JSON with the length of the bytes behind it, in on file descriptor 3,
out on 4, where each begins with the word that is the first line in.
"""
import importlib
import io
import json
import logging
import os
import sys
import time
import traceback

with open(sys.argv[1], encoding='utf-8') as preload:  # leads AWS's host names to the cloud
    exec(compile(preload.read(), preload.name, 'exec'), {})
del sys.argv[1:]
os.set_inheritable(3, False)  # programs that the function starts cannot answer in its place
os.set_inheritable(4, False)
incoming = os.fdopen(3, 'rb')
word = incoming.readline().strip()
current_id = None
is_json = os.environ.get('AWS_LAMBDA_LOG_FORMAT') == 'JSON'
lowest = os.environ.get('AWS_LAMBDA_LOG_LEVEL')


def send(header, body=''):
    content = body.encode('utf-8', 'surrogatepass') if isinstance(body, str) else body
    header['length'] = len(content)
    frame = memoryview(b'\n' + word + json.dumps(header).encode() + b'\n' + content)
    while frame:
        frame = frame[os.write(4, frame):]


class Output(io.TextIOBase):
    """Standard output and error: each line becomes a log event."""

    def __init__(self):
        self.partial = ''

    def writable(self):
        return True

    def write(self, text):
        *lines, self.partial = (self.partial + text).split('\n')
        for line in lines:
            send({'type': 'log'}, line)
        return len(text)

    def finish(self):
        if self.partial:
            send({'type': 'log'}, self.partial)
        self.partial = ''


class LogHandler(logging.Handler):
    """The root logger's handler. AWS: it is there from the start, at level WARNING."""

    def emit(self, record):
        record.aws_request_id = current_id
        send({'type': 'log'}, self.format(record))


def now():
    return time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())


class JsonFormatter(logging.Formatter):
    """AWS: each record is an object, an exception's parts beside its message (python-logging.md)."""

    def format(self, record):
        fields = {
            'timestamp': now(),
            'level': record.levelname,
            'message': record.getMessage(),
            'logger': record.name,
            'requestId': record.aws_request_id,
        }
        if record.exc_info and record.exc_info[0]:
            kind, error, trace = record.exc_info
            fields['stackTrace'] = traceback.format_list(traceback.extract_tb(trace))
            fields['errorType'] = kind.__name__
            fields['errorMessage'] = str(error)
            fields['location'] = '%s:%s:%s' % (record.pathname, record.funcName, record.lineno)
        return json.dumps(fields, default=str)


class Context:
    """What the handler gets as its second argument."""

    def __init__(self, request):
        self.aws_request_id = request['id']
        self.invoked_function_arn = request['arn']
        self.function_name = os.environ['AWS_LAMBDA_FUNCTION_NAME']
        self.function_version = os.environ['AWS_LAMBDA_FUNCTION_VERSION']
        self.memory_limit_in_mb = os.environ['AWS_LAMBDA_FUNCTION_MEMORY_SIZE']
        self.log_group_name = os.environ['AWS_LAMBDA_LOG_GROUP_NAME']
        self.log_stream_name = os.environ['AWS_LAMBDA_LOG_STREAM_NAME']
        self.client_context = request.get('clientContext')
        self.identity = None
        self._deadline = request['deadline']

    def get_remaining_time_in_millis(self):
        return max(0, int(self._deadline - time.time() * 1000))


class RuntimeProblem(Exception):
    def __init__(self, kind, message):
        super().__init__(message)
        self.kind = kind


def message_of(error):
    """AWS: the runtime has boto3. Here it is the user's, who is told how to get it."""
    if not isinstance(error, ModuleNotFoundError) or error.name not in ('boto3', 'botocore'):
        return str(error)
    return '%s\nOn AWS the runtime has it; here it is taken from this Python: %s -m pip install boto3' % (
        error,
        sys.executable,
    )


def describe(error):
    if isinstance(error, RuntimeProblem):
        return {'errorType': error.kind, 'errorMessage': str(error), 'requestId': current_id or '', 'stackTrace': []}
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename != __file__ and not frame.filename.startswith('<frozen')]
    return {
        'errorMessage': message_of(error),
        'errorType': type(error).__name__,
        'requestId': current_id or '',
        'stackTrace': traceback.format_list(own),
    }


def log_error(described):
    if is_json:
        send({'type': 'log'}, json.dumps({'timestamp': now(), 'log_level': 'ERROR', **described}))
        return
    text = '[ERROR] %s: %s' % (described['errorType'], described['errorMessage'])
    if described['stackTrace']:
        text += '\nTraceback (most recent call last):\n' + ''.join(described['stackTrace'])
    send({'type': 'log'}, text)


def load_handler():
    name = os.environ['_HANDLER']
    module_name, dot, function_name = name.rpartition('.')
    if not dot:
        raise RuntimeProblem('Runtime.MalformedHandlerName', "Bad handler '%s': not enough values to unpack" % name)
    try:
        module = importlib.import_module(module_name.replace('/', '.'))
    except ImportError as error:
        raise RuntimeProblem(
            'Runtime.ImportModuleError', "Unable to import module '%s': %s" % (module_name, message_of(error))
        ) from error
    except SyntaxError as error:
        raise RuntimeProblem(
            'Runtime.UserCodeSyntaxError', "Syntax error in module '%s': %s" % (module_name, error)
        ) from error
    handler = getattr(module, function_name, None)
    if not callable(handler):
        raise RuntimeProblem(
            'Runtime.HandlerNotFound', "Handler '%s' missing on module '%s'" % (function_name, module_name)
        )
    return handler


def memory():
    try:
        with open('/proc/self/statm', encoding='ascii') as file:
            return -(-int(file.read().split()[1]) * os.sysconf('SC_PAGE_SIZE') // 1048576)
    except OSError:
        return 0


def run(handler, request, payload):
    global current_id
    current_id = request['id']
    try:
        result = handler(json.loads(payload or b'{}'), Context(request))
        try:
            answer, kind = json.dumps(result), 'result'
        except (TypeError, ValueError) as error:
            raise RuntimeProblem('Runtime.MarshalError', 'Unable to marshal response: %s' % error) from error
    except Exception as error:
        described = describe(error)
        log_error(described)
        answer, kind = json.dumps(described), 'error'
    output.finish()
    send({'type': kind, 'id': current_id, 'memory': memory()}, answer)


def serve(handler):
    while True:
        line = incoming.readline()
        if not line:
            os._exit(0)
        request = json.loads(line)
        run(handler, request, incoming.read(request['length']))


output = Output()
sys.stdout = sys.stderr = output
log_handler = LogHandler()
formatter = logging.Formatter(
    '[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s', '%Y-%m-%dT%H:%M:%S'
)
formatter.converter = time.gmtime
log_handler.setFormatter(JsonFormatter() if is_json else formatter)
logging.getLogger().addHandler(log_handler)
if is_json and lowest:
    # Python has no level TRACE, and calls FATAL CRITICAL as well.
    logging.getLogger().setLevel(logging.DEBUG if lowest == 'TRACE' else lowest)
sys.path.insert(0, os.environ['LAMBDA_TASK_ROOT'])
try:
    loaded = load_handler()
except BaseException as problem:  # a module may also call sys.exit
    text = describe(problem)
    log_error(text)
    send({'type': 'init-error'}, json.dumps(text))
    os._exit(1)
send({'type': 'ready'})
serve(loaded)
