/** The phases of a buildspec: their commands, and what a failure among them does to the build. */
import { linearPattern } from '../../../../model/index.ts'
import {
  BuildspecError,
  isAbsent,
  list,
  type Mapping,
  mapping,
  text,
  texts,
  type UnknownKeys,
} from './buildspec-values.ts'

export const PHASES = ['install', 'pre_build', 'build', 'post_build'] as const
export type PhaseName = (typeof PHASES)[number]

/** What a failing command does to the rest of the build. */
export type OnFailure =
  | { readonly does: 'ABORT' | 'CONTINUE' }
  | {
      readonly does: 'RETRY'
      readonly times: number
      /** Whether the phase is tried again for this message. */
      readonly matches: (message: string) => boolean
    }

export interface BuildspecPhase {
  readonly commands: readonly string[]
  readonly finally: readonly string[]
  /** AWS's default lets post_build run after build, and ends the build otherwise. */
  readonly onFailure?: OnFailure
  /** Of the install phase only. */
  readonly runtimeVersions: Readonly<Record<string, string>>
}

export type Phases = Readonly<Partial<Record<PhaseName, BuildspecPhase>>>

interface Reading {
  readonly unknown: UnknownKeys
  readonly lineOf: (path: readonly (string | number)[]) => number
  readonly refuseOtherUser: (section: Mapping, where: string) => void
}

/** Gives the phases. Errors: BuildspecError where there is none, or naming the key. */
export function readPhases(value: unknown, reading: Reading): Phases {
  const phases = mapping(value, 'phases')
  reading.unknown.note(phases, PHASES, 'PHASES')
  const result: Partial<Record<PhaseName, BuildspecPhase>> = {}
  for (const name of PHASES)
    if (!isAbsent(phases[name]))
      result[name] = readPhase(name, mapping(phases[name], `phases/${name}`), reading)
  if (!Object.keys(result).length) throw new BuildspecError('the buildspec has no phases')
  return result
}

function readPhase(name: PhaseName, phase: Mapping, reading: Reading): BuildspecPhase {
  const where = `phases/${name}/`
  const known = ['run-as', 'on-failure', 'commands', 'finally']
  if (name === 'install') known.push('runtime-versions')
  reading.unknown.note(phase, known, name.toUpperCase())
  reading.refuseOtherUser(phase, where)
  const isInstall = name === 'install'
  return {
    commands: readCommands(phase, 'commands', name, reading),
    finally: readCommands(phase, 'finally', name, reading),
    onFailure: readOnFailure(text(phase, 'on-failure', where), `${where}on-failure`),
    runtimeVersions: isInstall ? texts(phase['runtime-versions'], `${where}runtime-versions`) : {},
  }
}

/**
 * AWS: a colon and a space make a mapping of a command, which is told as "Expected Commands[4] to be of string type:
 * found subkeys instead at line 37, value of the key tag on line 36 might be empty".
 */
function readCommands(phase: Mapping, key: 'commands' | 'finally', name: string, reading: Reading): string[] {
  const value = phase[key]
  if (Array.isArray(value)) {
    const index = value.findIndex((one) => typeof one === 'object' && one !== null)
    const what = key === 'commands' ? 'Commands' : 'Finally'
    if (index >= 0) {
      const line = reading.lineOf(['phases', name, key, index])
      throw new BuildspecError(
        `Expected ${what}[${index}] to be of string type: found subkeys instead at line ${line}, ` +
          `value of the key tag on line ${line - 1} might be empty`,
      )
    }
  }
  return list(value, `phases/${name}/${key}`).filter((command) => command.trim() !== '')
}

/** How often AWS retries where no count is given. */
const RETRIES = 3
const RETRIES_MOST = 100

/** AWS: ABORT, CONTINUE, RETRY, RETRY-count, RETRY-regex, RETRY-count-regex. */
function readOnFailure(value: string | undefined, where: string): OnFailure | undefined {
  if (value === undefined) return undefined
  const word = value.toUpperCase()
  if (word === 'ABORT' || word === 'CONTINUE') return { does: word }
  const [, count, pattern] = /^RETRY(?:-(\d+))?(?:-(.+))?$/is.exec(value) ?? []
  if (!word.startsWith('RETRY') || (word !== 'RETRY' && count === undefined && pattern === undefined))
    throw new BuildspecError(
      `${where} is "${value}"; it is ABORT, CONTINUE, RETRY, RETRY-count, RETRY-regex or RETRY-count-regex`,
    )
  const times = count === undefined ? RETRIES : Number(count)
  if (times > RETRIES_MOST)
    throw new BuildspecError(`${where} is "${value}"; it retries ${RETRIES_MOST} times at most`)
  return { does: 'RETRY', times, matches: messagePattern(pattern, where) }
}

function messagePattern(pattern: string | undefined, where: string): (message: string) => boolean {
  if (pattern === undefined) return () => true
  try {
    const compiled = linearPattern(pattern)
    return (message) => compiled.matcher(message).find()
  } catch (error) {
    throw new BuildspecError(
      `${where} has no regular expression in "${pattern}": ${(error as Error).message}`,
    )
  }
}
