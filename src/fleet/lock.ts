/** The lock beside a fleet file: what its patterns stood for when `crossdock sync` last looked. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { stringify } from 'yaml'
import * as z from 'zod/mini'
import { FleetError } from '../model/index.ts'
import { readYaml } from './document.ts'

const text = z.string().check(z.minLength(1))

const lockSchema = z.strictObject({
  environments: z._default(
    z.record(
      text,
      z.strictObject({
        organizationalUnit: text,
        accountTags: z.optional(z.record(z.string(), z.string())),
        /** Names by id. */
        accounts: z.record(z.string().check(z.regex(/^\d{12}$/)), text),
      }),
    ),
    {},
  ),
  /** Branches by repository, as `repositoryOf` names it, and pattern. */
  branches: z._default(z.record(text, z.record(text, z.array(text))), {}),
})

export type FleetLock = z.output<typeof lockSchema>
export type LockedUnit = FleetLock['environments'][string]

export const EMPTY_LOCK: FleetLock = { environments: {}, branches: {} }

/** Gives the path of the lock of a fleet file: crossdock.lock.yaml beside crossdock.yaml and crossdock.config.ts. */
export const lockFile = (file: string): string =>
  join(dirname(file), `${basename(file).replace(/(\.config)?\.[^.]+$/, '')}.lock.yaml`)

/** Gives the lock of a fleet file; an empty one where there is none. Throws: FleetError where it is no lock. */
export async function readLock(file: string): Promise<FleetLock> {
  const path = lockFile(file)
  return existsSync(path) ? parseLock(await readFile(path, 'utf8'), path) : EMPTY_LOCK
}

function parseLock(content: string, path: string): FleetLock {
  const { data, locate } = readYaml(content, path)
  const parsed = lockSchema.safeParse(data ?? {}, { jitless: true })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new FleetError('this is not what `crossdock sync` writes', {
    location: locate(issue?.path ?? []),
    fix: 'run `crossdock sync` to write it anew',
  })
}

/** Gives the text of a lock: the same for the same patterns and what they stand for. */
export function lockText(lock: FleetLock, file: string): string {
  const head =
    `# What the patterns of ${basename(file)} stand for. \`crossdock sync\` writes it; \`check\`, \`synth\` and \`deploy\` read it\n` +
    '# and ask no network. Commit it: what comes and goes is seen in review.\n'
  const { environments, branches } = lock
  const parts = {
    ...(Object.keys(environments).length && { environments }),
    ...(Object.keys(branches).length && { branches }),
  }
  return `${head}${stringify(parts, { sortMapEntries: true, lineWidth: 0 })}`
}

/** Whether there is nothing in it, so that there need not be a file. */
export const isEmptyLock = ({ environments, branches }: FleetLock): boolean =>
  !Object.keys(environments).length && !Object.keys(branches).length
