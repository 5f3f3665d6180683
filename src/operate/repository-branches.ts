/** Branches of the repositories that pipelines follow, as far as AWS or an embedded cloud lists them. */
import { cloudSecret, type OpenAccounts } from '../aws/index.ts'
import { FleetError, type SourceLocation, type Target } from '../model/index.ts'

export interface AskedRepository {
  /** A repository of AWS, or `owner/repository` behind a connection. */
  readonly name: string
  /** Where it is asked for, for errors. */
  readonly location?: SourceLocation
}

/** Gives the names of the branches of a repository of AWS. Errors: FleetError where there is none, and those of the account. */
export async function awsBranches(
  accounts: Pick<OpenAccounts, 'client'>,
  hub: Target,
  { name, location }: AskedRepository,
): Promise<string[]> {
  const { CodeCommitClient, paginateListBranches, RepositoryDoesNotExistException } = await import(
    '@aws-sdk/client-codecommit'
  )
  const client = await accounts.client(CodeCommitClient, hub)
  const found: string[] = []
  try {
    for await (const page of paginateListBranches({ client }, { repositoryName: name }))
      found.push(...(page.branches ?? []))
  } catch (error) {
    if (!(error instanceof RepositoryDoesNotExistException)) throw error
    throw noRepository({ name, location }, `${hub.account} ${hub.region}`)
  }
  return found
}

/**
 * Gives the names of the branches of a repository that an embedded cloud serves behind its connections, by git's own
 * protocol. Errors: FleetError where there is none.
 */
export async function embeddedBranches(
  endpoint: string,
  { account }: Target,
  { name, location }: AskedRepository,
): Promise<string[]> {
  const response = await fetch(`${endpoint}/_codeconnections/${name}.git/info/refs?service=git-upload-pack`, {
    headers: { authorization: `Basic ${Buffer.from(`${account}:${cloudSecret()}`).toString('base64')}` },
  })
  if (response.status === 404) throw noRepository({ name, location }, endpoint)
  if (!response.ok)
    throw new FleetError(`${endpoint} does not list the branches of ${name}: ${response.status}`, {
      location,
    })
  return branchesIn(await response.text())
}

/** Gives the branches among references as git lists them: in its protocol, or as `git ls-remote` prints them. */
export const branchesIn = (references: string): string[] =>
  [...references.matchAll(/[0-9a-f]{40,64}\s+refs\/heads\/([^\s\0]+)/g)].map(([, name]) => name!)

const noRepository = ({ name, location }: AskedRepository, where: string): FleetError =>
  new FleetError(`there is no repository ${name} in ${where}`, {
    location,
    fix: 'push it, or correct its name',
  })
