/** The examples that `crossdock demo` can run: each a folder with a fleet file. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { nearest } from '../../model/index.ts'
import { UsageError } from '../command.ts'
import { PACKAGE_FOLDER } from '../version.ts'

const FOLDER = join(PACKAGE_FOLDER, 'examples')

/** Gives the names of all examples. */
export const exampleNames = (): string[] =>
  readdirSync(FOLDER).filter((name) => existsSync(join(FOLDER, name, 'crossdock.yaml')))

/** Gives the folder of an example. Errors: UsageError that lists what there is. */
export function exampleFolder(name: string): string {
  const names = exampleNames()
  if (names.includes(name)) return join(FOLDER, name)
  const meant = nearest(name, names)
  throw new UsageError(
    `there is no example "${name}"; ${meant ? `write ${meant}` : `there are ${names.join(', ')}`}`,
  )
}
