/** Where a build project's own sources lie. */
import { entryOf, parseArn } from '../model/index.ts'

/** A source as a project declares it, spelled as CodeBuild's API spells it. */
export interface ProjectSourceSettings {
  readonly type?: string | undefined
  readonly location?: string | undefined
  readonly auth?: { readonly type?: string | undefined; readonly resource?: string | undefined } | undefined
}

/** A repository of CodeCommit that a location names; its account is that of whoever clones it. */
export interface CodeCommitLocation {
  readonly region: string
  readonly name: string
}

export interface RepositoryHost {
  /** The host that locations name; none where each company has its own. */
  readonly host?: string
  /** Whether a version may be a pull request. AWS: "Source version sample". */
  readonly pullRequests?: true
  /** Whether the name of builds' statuses can be chosen. AWS: ProjectSource, buildStatusConfig. */
  readonly context?: true
  /** Whether a pull request can be opened again. AWS: "GitHub webhook events" and its neighbours. */
  readonly reopens?: true
  /** Whether filters look at files and messages of pull requests. AWS: not at those of GitHub Enterprise Server. */
  readonly lookedInto?: true
  /** Who begins builds for a webhook. */
  readonly initiator: string
}

/** The types of sources that are repositories behind a connection or a token, by CodeBuild's name of each. */
const REPOSITORY_HOSTS: Readonly<Record<string, RepositoryHost>> = {
  GITHUB: {
    host: 'github.com',
    pullRequests: true,
    context: true,
    reopens: true,
    lookedInto: true,
    initiator: 'GitHub-Hookshot',
  },
  GITHUB_ENTERPRISE: { pullRequests: true, context: true, reopens: true, initiator: 'GitHub-Hookshot' },
  GITLAB: { host: 'gitlab.com', reopens: true, lookedInto: true, initiator: 'GitLab' },
  GITLAB_SELF_MANAGED: { reopens: true, lookedInto: true, initiator: 'GitLab' },
  BITBUCKET: { host: 'bitbucket.org', context: true, lookedInto: true, initiator: 'Bitbucket-Webhooks' },
}

/** Gives what is known of a type of source that is a repository behind a connection or a token; undefined for others. */
export const repositoryHost = (type: string): RepositoryHost | undefined => entryOf(REPOSITORY_HOSTS, type)

/** The types of sources that are repositories. */
export const REPOSITORY_TYPES: readonly string[] = ['CODECOMMIT', ...Object.keys(REPOSITORY_HOSTS)]

const CODECOMMIT =
  /^https?:\/\/(?:(?:vpce-[a-z0-9-]+\.)?git-codecommit(?:-fips)?\.([a-z0-9-]+)\.[^/]+|[^/]+\/_codecommit\/([a-z0-9-]+))\/v1\/repos\/([\w.-]+?)\/?$/

/** Reads the address that a repository of CodeCommit is cloned from; undefined for any other. */
export function codeCommitLocation(location: string): CodeCommitLocation | undefined {
  const [, aws, local, name] = CODECOMMIT.exec(location) ?? []
  const region = aws ?? local
  return region && name ? { region, name } : undefined
}

const CONNECTED =
  /^https?:\/\/(?:[^/@]+@)?[^/]+(?:\/_codeconnections|\/git-http\/\d{12}\/[a-z0-9-]+\/[a-f0-9-]+)?\/((?:[\w.-]+\/)+[\w.-]+?)(?:\.git)?\/?$/

/** Reads the path of a repository out of its address, `owner/name`; undefined where it has none. */
export const connectedLocation = (location: string): string | undefined => CONNECTED.exec(location)?.[1]

/** Whether a source is a repository, which the build's own role fetches. */
export const isRepository = ({ type = '' }: ProjectSourceSettings): boolean => REPOSITORY_TYPES.includes(type)

/** AWS: "Grant CodeBuild project IAM role access to use the connection"; the actions' prefix follows the ARN's. */
export const CONNECTION_ACTIONS = ['GetConnectionToken', 'GetConnection']

/** Gives the prefix of the actions on a connection. */
export const connectionPrefix = (connection: string): 'codeconnections' | 'codestar-connections' =>
  parseArn(connection)?.service === 'codeconnections' ? 'codeconnections' : 'codestar-connections'
