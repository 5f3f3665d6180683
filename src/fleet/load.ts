/** Finds, reads and checks a fleet file. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { locales } from 'zod/mini'
import { FleetError } from '../model/index.ts'
import { withBranches } from './branches.ts'
import { withDefaults } from './defaults.ts'
import { documentOf, type FleetDocument, readYaml, withoutExtensions } from './document.ts'
import { explainIssues } from './explain-issues.ts'
import type { FleetFileRead } from './file-read.ts'
import type { Fleet } from './fleet.ts'
import { EMPTY_LOCK, type FleetLock, readLock } from './lock.ts'
import { refuseReservedNames } from './reserved-names.ts'
import { resolveFleet } from './resolve.ts'
import { fleetSchema } from './schema.ts'
import { sourceKinds } from './sources/index.ts'

/** Looked for in this order. */
export const FLEET_FILES = [
  'crossdock.yaml',
  'crossdock.yml',
  'crossdock.config.ts',
  'crossdock.config.mts',
  'crossdock.config.js',
  'crossdock.config.mjs',
] as const

/**
 * Gives the fleet of a file, or of the fleet file in the working folder; what its patterns stand for tells the lock beside it.
 * Throws: FleetErrors with everything that is wrong in it, or FleetError when there is no such file.
 */
export async function loadFleet(file?: string): Promise<Fleet> {
  const document = await readDocument(file)
  const lock = await readLock(document.file)
  return resolveFleet(parsed(document, lock), lock)
}

/** Gives what a fleet file says. Throws: as `loadFleet`, but for what does not fit together or with the lock. */
export async function readFleetFile(file?: string): Promise<FleetFileRead> {
  const document = await readDocument(file)
  return parsed(document, await readLock(document.file).catch(() => EMPTY_LOCK))
}

async function readDocument(file: string | undefined): Promise<FleetDocument> {
  const path = file ?? FLEET_FILES.find((name) => existsSync(name))
  if (!path)
    throw new FleetError('there is no fleet file here', {
      fix: 'write a crossdock.yaml, or name the file with --fleet',
    })
  if (!existsSync(path))
    throw new FleetError(`there is no file ${path}`, { fix: 'check the path given with --fleet' })
  if (/\.[cm]?[jt]s$/.test(path)) return documentOf(await importDefault(path), path)
  return readYaml(await textOf(path), path)
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (!code) throw cause
    throw new FleetError(code === 'EISDIR' ? `${path} is a folder` : `${path} cannot be read: ${code}`, {
      fix: 'name the fleet file in it with --fleet, or let yourself read it',
    })
  }
}

/**
 * Gives the fleet that YAML or JSON text describes; `file` names it in errors and is where relative paths start.
 * Throws: FleetErrors with everything that is wrong in it.
 */
export function parseFleet(text: string, file: string, lock: FleetLock = EMPTY_LOCK): Fleet {
  return resolveFleet(parsed(readYaml(text, file), lock), lock)
}

function parsed(file: FleetDocument, lock: FleetLock): FleetFileRead {
  refuseReservedNames(file)
  const kinds = sourceKinds.map(({ key }) => key)
  const telling = { source: kinds, 'sources.*': kinds }
  const inherited = withDefaults(withoutExtensions(file), telling)
  const { document, errors, patterns, made } = withBranches(inherited, lock, telling)
  // Compiling the schema takes 5 ms, which only files of more than three hundred pipelines get back.
  const result = fleetSchema.safeParse(document.data, { jitless: true, error: locales.en().localeError })
  if (!result.success) throw explainIssues(result.error.issues, document)
  return { data: result.data, document, errors, branchPatterns: patterns, made }
}

async function importDefault(path: string): Promise<unknown> {
  const { createJiti } = await import('jiti')
  try {
    return await createJiti(import.meta.url).import(resolve(path), { default: true })
  } catch (cause) {
    throw new FleetError(`${path} does not load: ${cause instanceof Error ? cause.message : String(cause)}`, {
      location: { file: path },
      fix: 'run it by itself to see the error; it must `export default defineFleet({ … })`',
    })
  }
}
