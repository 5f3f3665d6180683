/** Which program of this machine runs a Lambda runtime. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { AwsError } from '../../../../model/index.ts'
import { retiredRuntime } from '../../../../template/index.ts'
import type { HostNameFiles } from '../../../kernel/host-names.ts'

export interface Interpreter {
  readonly command: string
  /** What it is started with, so that AWS's host names lead to the cloud before the function is loaded. */
  words(files: HostNameFiles): readonly string[]
  /** As the log shows it: `node:20.20.2`. */
  readonly version: string
}

const script = (name: string): string => fileURLToPath(new URL(`./runtime/${name}`, import.meta.url))

const node: Interpreter = {
  command: process.execPath,
  words: ({ nodePreload }) => ['--require', nodePreload, script('node.mjs'), process.cwd()],
  version: `node:${process.versions.node}`,
}

/** Prints the real executable (version managers put slow scripts in front of it), its version, and whether it has boto3. */
const ASK = `import sys, importlib.util
print(sys.executable)
print("%d.%d.%d" % sys.version_info[:3])
print(importlib.util.find_spec("boto3") is not None)`

interface Python extends Interpreter {
  readonly hasSdk: boolean
}

let python: Promise<Python | undefined> | undefined

/**
 * Gives the Python that has boto3, which Python runtimes bring along on AWS: that of the active virtual environment, of one
 * in the folder that the cloud was started in, or the system's. Where none has it, the first that runs.
 */
async function findPython(): Promise<Python | undefined> {
  const environments = [process.env.VIRTUAL_ENV, '.venv', 'venv'].filter((one) => one !== undefined)
  const inside = environments.map((one) => join(one, 'bin', 'python3')).filter((one) => existsSync(one))
  const found: Python[] = []
  for (const command of [...inside, 'python3']) {
    const one = await ask(command)
    if (one?.hasSdk) return one
    if (one) found.push(one)
  }
  return found[0]
}

async function ask(asked: string): Promise<Python | undefined> {
  try {
    const { stdout } = await promisify(execFile)(asked, ['-c', ASK])
    const [command, version, hasSdk] = stdout.trim().split('\n')
    return {
      command: command!,
      words: ({ pythonPreload }) => ['-B', script('python.py'), pythonPreload],
      version: `python:${version}`,
      hasSdk: hasSdk === 'True',
    }
  } catch {
    return undefined
  }
}

/**
 * Checks the runtime that a function is to have.
 * Errors: InvalidParameterValueException for one that AWS no longer takes, and those of `interpreterFor`.
 */
export async function checkRuntime(runtime: string): Promise<void> {
  const retired = retiredRuntime(runtime)
  if (retired !== undefined)
    throw new AwsError('InvalidParameterValueException', retired, { fields: { Type: 'User' } })
  await interpreterFor(runtime)
}

/**
 * Gives the interpreter for a runtime: Node and Python of any version run on the ones installed.
 * Errors: InvalidParameterValueException for other runtimes, or when this machine has no Python.
 */
export async function interpreterFor(runtime: string): Promise<Interpreter> {
  if (/^nodejs\d+\.x$/.test(runtime)) return node
  if (!/^python3\.\d+$/.test(runtime))
    throw new AwsError(
      'InvalidParameterValueException',
      `The embedded cloud runs Node and Python functions only; it does not support the runtime "${runtime}".`,
      { fields: { Type: 'User' } },
    )
  python ??= findPython()
  const found = await python
  if (found) return found
  python = undefined
  throw new AwsError(
    'InvalidParameterValueException',
    `The runtime "${runtime}" needs a python3 on this machine's PATH; there is none.`,
    { fields: { Type: 'User' } },
  )
}
