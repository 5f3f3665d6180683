/** What sources a project may have: their types, places, credentials, and what is to be done with them. */
import type { ProjectSource, ProjectSourceVersion } from '@aws-sdk/client-codebuild'
import {
  codeCommitLocation,
  connectedLocation,
  isRepository,
  REPOSITORY_TYPES,
  repositoryHost,
} from '../../../../pipeline/index.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { isInline } from './read-buildspec.ts'
import { invalid } from './refusals.ts'

const TYPES = ['CODEPIPELINE', 'S3', 'NO_SOURCE', ...REPOSITORY_TYPES]
const IDENTIFIER = /^[A-Za-z0-9_]{1,127}$/

interface Sources {
  readonly source?: ProjectSource | undefined
  readonly secondarySources?: readonly ProjectSource[] | undefined
  readonly secondarySourceVersions?: readonly ProjectSourceVersion[] | undefined
}

/** Errors: InvalidInputException, UnsupportedParameter. */
export function checkSources({ source, secondarySources = [], secondarySourceVersions = [] }: Sources): void {
  for (const one of [source, ...secondarySources]) if (one) checkSource(one)
  if (source?.sourceIdentifier)
    throw invalid('Invalid project source: the primary source must not have a source identifier')
  if (
    source?.type === 'NO_SOURCE' &&
    !isInline(source.buildspec ?? '') &&
    !/^arn:/.test(source.buildspec ?? '')
  )
    throw invalid(
      'Invalid project source: a buildspec must be given inline or by its ARN if source type is NO_SOURCE',
    )
  for (const { sourceIdentifier } of secondarySources)
    if (!IDENTIFIER.test(sourceIdentifier ?? ''))
      throw invalid(
        'Invalid secondary sources: sourceIdentifier must consist of letters, digits and underscores',
      )
  for (const { sourceIdentifier } of secondarySourceVersions)
    if (!secondarySources.some((one) => one.sourceIdentifier === sourceIdentifier))
      throw invalid(`Invalid secondary source versions: there is no secondary source ${sourceIdentifier}`)
}

function checkSource(source: ProjectSource): void {
  const { location = '', reportBuildStatus, buildStatusConfig, gitCloneDepth = 0 } = source
  const type: string = source.type ?? ''
  if (!TYPES.includes(type))
    throw invalid(`The embedded cloud cannot fetch sources of the type ${type}; it has ${TYPES.join(', ')}.`)
  if (type === 'S3' && !location)
    throw invalid('Invalid project source: location must not be empty if source type is S3')
  // AWS: "If this is set and you use a different source provider, an invalidInputException is thrown" (ProjectSource).
  if (reportBuildStatus && !repositoryHost(type))
    throw invalid(`Invalid project source: reportBuildStatus is not supported for source type ${type}`)
  if (buildStatusConfig && Object.keys(buildStatusConfig).length && !repositoryHost(type)?.context)
    throw invalid(`Invalid project source: buildStatusConfig is not supported for source type ${type}`)
  if (!Number.isInteger(gitCloneDepth) || gitCloneDepth < 0)
    throw invalid('Invalid project source: gitCloneDepth must be 0 or more')
  // AWS: of a NO_SOURCE it is the fallback for the sources beside it.
  if (type === 'NO_SOURCE') refuseUnsupported(source, ['auth'])
  if (isRepository(source)) checkRepository(source)
}

function checkRepository({ location = '', auth, ...source }: ProjectSource): void {
  const type: string = source.type ?? ''
  if (type === 'CODECOMMIT') {
    if (!codeCommitLocation(location))
      throw invalid(
        `Invalid project source: location must be the HTTPS clone URL of a repository if source type is CODECOMMIT, https://git-codecommit.<region>.amazonaws.com/v1/repos/<name>, and not "${location}"`,
      )
    return
  }
  const repository = connectedLocation(location)
  const host = repositoryHost(type)?.host
  if (!repository)
    throw invalid(
      `Invalid project source: location must be the HTTPS clone URL of a repository if source type is ${type}, https://${host ?? '<host>'}/<owner>/<name>, and not "${location}"`,
    )
  if (repository.split('/').length !== 2)
    throw invalid(
      `The embedded cloud's repositories are named <owner>/<name>; ${repository} is in groups within groups.`,
    )
  if (host && !isAt(location, host))
    throw invalid(
      `Invalid project source: location must be a repository of ${host} if source type is ${type}`,
    )
  if (auth && auth.type !== 'OAUTH' && !auth.resource)
    throw invalid(`Invalid project source: auth of the type ${auth.type} takes a resource`)
}

/** Whether an address is one of a provider's host, or of the cloud's own repositories, which stand for it. */
function isAt(location: string, host: string): boolean {
  const { hostname, pathname } = new URL(location)
  return (
    hostname === host || hostname === `www.${host}` || /^\/(?:_codeconnections|git-http)\//.test(pathname)
  )
}
