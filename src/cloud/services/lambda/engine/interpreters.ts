/** Which program of this machine runs a Lambda runtime. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { AwsError } from '../../../../model/index.ts'

export interface Interpreter {
  readonly command: string
  readonly arguments: readonly string[]
  /** As the log shows it: `node:20.20.2`. */
  readonly version: string
}

const script = (name: string): string => fileURLToPath(new URL(`./runtime/${name}`, import.meta.url))

const node: Interpreter = {
  command: process.execPath,
  arguments: [script('node.mjs')],
  version: `node:${process.versions.node}`,
}

let python: Promise<Interpreter | undefined> | undefined

/** The real executable behind `python3`: version managers put slow scripts in front of it. */
async function findPython(): Promise<Interpreter | undefined> {
  const ask = 'import sys; print(sys.executable); print("%d.%d.%d" % sys.version_info[:3])'
  try {
    const { stdout } = await promisify(execFile)('python3', ['-c', ask])
    const [command, version] = stdout.trim().split('\n')
    return { command: command!, arguments: ['-B', script('python.py')], version: `python:${version}` }
  } catch {
    return undefined
  }
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
