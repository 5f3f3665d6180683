/** Python functions that really run. */
import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { HUB, startTestCloud } from '../cloud.ts'
import { invoke, LambdaClient, makeFunction, makeRole } from './functions.ts'

const has = (code: string): boolean => {
  try {
    execFileSync('python3', ['-c', code], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
const python = has('import json')
const boto3 = has('import boto3')

const test = await startTestCloud()
const lambda = test.client(LambdaClient)
const role = await makeRole(test, 'runner')
const Runtime = 'python3.12' as const

describe.skipIf(!python)('a Python function (skipped where there is no python3)', () => {
  it('cannot be answered for by what it prints or writes to any descriptor', async () => {
    const source = [
      'import json, os',
      'def handler(event, context):',
      '    body = b"\\"forged\\""',
      '    frame = b"\\n" + json.dumps({"type": "result", "id": context.aws_request_id, "length": len(body)}).encode() + b"\\n" + body',
      '    for fd in range(1, 10):',
      '        try: os.write(fd, frame)',
      '        except OSError: pass',
      '    os.system("for n in 3 4 5 6 7 8 9; do eval \\"echo no frame >&$n\\"; done 2>/dev/null")',
      '    print(frame.decode())',
      '    return "true answer"',
    ].join('\n')
    await makeFunction(lambda, 'forger', role, source, { Runtime })
    for (let count = 0; count < 2; count++) {
      const { result, FunctionError } = await invoke(lambda, 'forger')
      expect([result, FunctionError]).toEqual(['true answer', undefined])
    }
  })

  it('gets the event and the context', async () => {
    await makeFunction(
      lambda,
      'py',
      role,
      [
        'import os',
        'count = 0',
        'def handler(event, context):',
        '    global count',
        '    count += 1',
        '    return {"event": event, "count": count, "name": context.function_name, "arn": context.invoked_function_arn,',
        '            "left": context.get_remaining_time_in_millis(), "region": os.environ["AWS_REGION"],',
        '            "id": context.aws_request_id}',
      ].join('\n'),
      { Runtime },
    )
    const first = await invoke(lambda, 'py', { a: 'ü' })
    expect(first.result).toMatchObject({ event: { a: 'ü' }, count: 1, name: 'py', region: 'us-east-1' })
    expect(first.result.left).toBeGreaterThan(2000)
    expect((await invoke(lambda, 'py')).result.count).toBe(2)
  })

  it('logs in JSON where that is asked for', async () => {
    const source = [
      'import logging',
      'def handler(event, context):',
      '    print("printed")',
      '    logging.info("at this level")',
      '    logging.debug("not at this one")',
      '    raise KeyError("missing")',
    ].join('\n')
    await makeFunction(lambda, 'py-json', role, source, { Runtime, LoggingConfig: { LogFormat: 'JSON' } })
    const { log = '' } = await invoke(lambda, 'py-json', {}, { LogType: 'Tail' })
    const [, printed, info, error] = log.trim().split('\n')
    expect(printed).toBe('printed')
    expect(JSON.parse(info!)).toMatchObject({ level: 'INFO', message: 'at this level', logger: 'root' })
    expect(JSON.parse(error!)).toMatchObject({ log_level: 'ERROR', errorType: 'KeyError' })
  })

  it('logs what it prints and what it logs, and fails with its traceback', async () => {
    await makeFunction(
      lambda,
      'py-fails',
      role,
      [
        'import logging, sys',
        'def handler(event, context):',
        '    print("printed")',
        '    print("to stderr", file=sys.stderr)',
        '    logging.warning("careful %s", 1)',
        '    logging.info("not at this level")',
        '    raise KeyError("missing")',
      ].join('\n'),
      { Runtime },
    )
    const { FunctionError, result, log } = await invoke(lambda, 'py-fails', {}, { LogType: 'Tail' })
    expect(FunctionError).toBe('Unhandled')
    expect(result).toMatchObject({ errorType: 'KeyError', errorMessage: "'missing'" })
    expect(result.stackTrace[0]).toContain('raise KeyError("missing")')
    expect(log).toMatch(
      /\nprinted\nto stderr\n\[WARNING\]\t\d{4}-\S+Z\t\S+\tcareful 1\n\[ERROR\] KeyError: 'missing'\n/,
    )
    expect(log).not.toContain('not at this level')
  })

  it.each([
    [
      'no-module',
      'x = 1',
      'app.handler',
      'Runtime.ImportModuleError',
      "Unable to import module 'app': No module named 'app'",
    ],
    [
      'no-boto3',
      'import sys\nsys.modules["boto3"] = None\nimport boto3',
      'index.handler',
      'Runtime.ImportModuleError',
      '-m pip install boto3',
    ],
    [
      'no-handler',
      'x = 1',
      'index.handler',
      'Runtime.HandlerNotFound',
      "Handler 'handler' missing on module 'index'",
    ],
    ['bad-syntax', 'def (', 'index.handler', 'Runtime.UserCodeSyntaxError', "Syntax error in module 'index'"],
    [
      'no-json',
      'def handler(e, c): return {1, 2}',
      'index.handler',
      'Runtime.MarshalError',
      'not JSON serializable',
    ],
    [
      'exits',
      'import os\ndef handler(e, c): os._exit(4)',
      'index.handler',
      'Runtime.ExitError',
      'exit status 4',
    ],
  ])('answers what is wrong: %s', async (name, source, Handler, type, message) => {
    await makeFunction(lambda, `py-${name}`, role, source, { Runtime, Handler })
    const { result } = await invoke(lambda, `py-${name}`)
    expect(result.errorType).toBe(type)
    expect(result.errorMessage).toContain(message)
  })

  it('is killed when its time is up, with what it started', async () => {
    const source = 'import subprocess\ndef handler(e, c): subprocess.run(["sleep", "60"])'
    await makeFunction(lambda, 'py-slow', role, source, { Runtime, Timeout: 1 })
    const { result } = await invoke(lambda, 'py-slow')
    expect(result.errorMessage).toContain('Task timed out after 1.00 seconds')
  })

  it.skipIf(!boto3)(
    'reaches the cloud through boto3 as its role (skipped where boto3 is missing)',
    async () => {
      const source =
        'import boto3\ndef handler(e, c): return boto3.client("sts").get_caller_identity()["Arn"]'
      await makeFunction(lambda, 'py-boto', role, source, { Runtime, Timeout: 20 })
      expect((await invoke(lambda, 'py-boto')).result).toBe(`arn:aws:sts::${HUB}:assumed-role/runner/py-boto`)
    },
  )
})
