/** A pipeline that follows its fleet file: which source has the file, and what cannot follow it. */
import { basename } from 'node:path'
import { FleetError, globPattern } from '../model/index.ts'
import type { DataPath, FleetDocument } from './document.ts'
import type { FleetPipeline, FleetSelfUpdate } from './fleet.ts'
import { wordFor } from './resolve-supply.ts'
import type { SelfUpdateFile } from './self-update-schema.ts'
import { repositoryOf, type SourceConfiguration, sourceBranch, sourceEnvironment } from './sources/index.ts'

/** Name of the stage that updates. */
export const UPDATE_STAGE = 'Update'

interface Around {
  readonly sources: FleetPipeline['sources']
  readonly executionMode: FleetPipeline['executionMode']
  readonly document: FleetDocument
  readonly errors: FleetError[]
}

/** Gives what updates a pipeline; undefined where nothing does. What cannot is told in `errors`. */
export function resolveSelfUpdate(
  file: SelfUpdateFile,
  id: string,
  { sources, executionMode, document, errors }: Around,
): FleetSelfUpdate | undefined {
  if (file === undefined || file === false) return undefined
  const path: DataPath = ['pipelines', id, 'selfUpdate']
  const complain = (message: string, fix: string) => {
    errors.push(new FleetError(message, { location: document.locate(path), fix }))
    return undefined
  }
  const candidates = sources.filter(({ configuration }) => repositoryIn(configuration) !== undefined)
  const named = typeof file === 'string' ? sources.find(({ name }) => name === file) : undefined
  const names = candidates.map(({ name }) => name)
  if (typeof file === 'string' && !named)
    return complain(
      `there is no source \`${file}\` in ${id}`,
      wordFor(file, names, 'take `selfUpdate` out: no source is a repository'),
    )
  if (!candidates.length || (named && !candidates.includes(named)))
    return complain(
      `${id} cannot follow the fleet file: ${
        named ? `the source ${named.name} is not a repository` : 'no source is a repository'
      }, which could hold the file`,
      names.length
        ? wordFor(file as string, names, '')
        : 'take it out, and run `crossdock deploy` yourself when the file has changed',
    )
  if (!named && candidates.length > 1)
    return complain(
      `${id} has ${candidates.length} repositories and nothing says which has the fleet file`,
      `write \`selfUpdate: ${names[0]}\`, or another of ${names.join(', ')}`,
    )
  if (executionMode === 'PARALLEL')
    return complain(
      `${id} cannot follow the fleet file: its executions run side by side, and one would change the pipeline of the others`,
      'write `executionMode: QUEUED`, or take `selfUpdate` out',
    )
  const source = named ?? candidates[0]!
  const fleetFile = basename(document.file)
  if (source.starts && !startsFor(source.configuration, fleetFile))
    complain(
      `${id} follows the fleet file, and a change of ${fleetFile} does not start it`,
      `let \`paths\` of the source take in \`${fleetFile}\``,
    )
  return { source: source.name, artifact: source.artifact, file: fleetFile }
}

/** Which repository and branch a source fetches; undefined where it is none. */
function repositoryIn(source: SourceConfiguration): string | undefined {
  const repository = repositoryOf(source)
  return (
    repository && [repository.id, sourceBranch(source), sourceEnvironment(source)].filter(Boolean).join(' ')
  )
}

function startsFor(source: SourceConfiguration, file: string): boolean {
  const { paths } = source as { readonly paths?: readonly string[] }
  if (!paths) return true
  const matches = (globs: readonly string[]) => globs.some((glob) => globPattern(glob)(file))
  const includes = paths.filter((glob) => !glob.startsWith('!'))
  const excludes = paths.flatMap((glob) => (glob.startsWith('!') ? glob.slice(1) : []))
  return (!includes.length || matches(includes)) && !matches(excludes)
}

/** Gives an error for each pipeline that follows another file than the first that does: both bring what they share. */
export function selfUpdateErrors(pipelines: readonly FleetPipeline[], document: FleetDocument): FleetError[] {
  const following = pipelines.flatMap(({ id, sources, selfUpdate }) => {
    const source = sources.find(({ name }) => name === selfUpdate?.source)
    return source ? { id, repository: repositoryIn(source.configuration) ?? '' } : []
  })
  const [first] = following
  return following
    .filter(({ repository }) => repository !== first?.repository)
    .map(
      ({ id, repository }) =>
        new FleetError(
          `${id} follows the fleet file in ${repository}, and ${first?.id} the one in ${first?.repository}: they would change by turns what they share`,
          {
            location: document.locate(['pipelines', id, 'selfUpdate']),
            fix: 'let `selfUpdate` stand in pipelines of one repository and branch only',
          },
        ),
    )
}
