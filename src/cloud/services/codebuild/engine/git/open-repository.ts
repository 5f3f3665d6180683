/** Opens the repositories that builds clone, as the project's role. */
import { AwsError, formatArn } from '../../../../../model/index.ts'
import {
  codeCommitLocation,
  connectedLocation,
  type ProjectSourceSettings,
  repositoryHost,
} from '../../../../../pipeline/index.ts'
import type { Context } from '../../../../kernel/context.ts'
import type { Identity } from '../../../../kernel/identity.ts'
import type { CloneReference, CodeCommitPlace } from '../../../../sources/clone-reference.ts'
import {
  repositoryAddress,
  repositoryFolder,
  useConnection,
} from '../../../../sources/connected-repository.ts'
import { useCredentials } from './credentials.ts'
import type { GitRepository } from './repository.ts'

/** Opens what an artifact refers to. Errors: the denial, and AwsError where it is not there. */
export async function openReference(
  ctx: Context,
  identity: Identity,
  reference: CloneReference,
): Promise<GitRepository> {
  if ('codecommit' in reference) return openCodeCommit(ctx, identity, reference.codecommit)
  const status = await useConnection(ctx, identity, reference)
  const folder = repositoryFolder(ctx.cloud, reference.repository)
  if (status === 'AVAILABLE' && folder) return { folder, address: repositoryAddress(reference) }
  const what = status === 'AVAILABLE' ? `repository ${reference.repository}` : reference.connection
  throw new AwsError('InvalidInputException', `Could not find ${what}`)
}

/** Opens a project's own source. Errors: the denial, and AwsError where it is not there. */
export async function openSource(
  ctx: Context,
  identity: Identity,
  source: ProjectSourceSettings,
): Promise<GitRepository> {
  const { type = '', location = '' } = source
  const codecommit = type === 'CODECOMMIT' ? codeCommitLocation(location) : undefined
  if (codecommit) return openCodeCommit(ctx, identity, { ...codecommit, account: ctx.account })
  await useCredentials(ctx, identity, source)
  const repository = connectedLocation(location) ?? ''
  const folder = repositoryFolder(ctx.cloud, repository)
  if (!folder)
    throw new AwsError(
      'InvalidInputException',
      `repository not found: ${location} stands for the local repository ${repository}, which is not there; push to ${ctx.cloud.endpoint}/_codeconnections/${repository}.git to make it`,
    )
  const address = `${ctx.cloud.endpoint}/_codeconnections/${repository}.git`
  return { folder, address, pullRequests: Boolean(repositoryHost(type)?.pullRequests) }
}

/** AWS: CodeCommit has no policies of repositories, so that no role reaches one of another account. */
async function openCodeCommit(
  ctx: Context,
  identity: Identity,
  { account, region, name }: CodeCommitPlace,
): Promise<GitRepository> {
  if (account !== ctx.account) {
    const resource = formatArn('codecommit', region, account, name)
    const request = { action: 'codecommit:GitPull', resource, resourceAccount: account }
    await ctx.as(identity, { region }).authorize([request])
  }
  const options = { as: identity, region }
  const pulled = await ctx.call('codecommit', 'GitPull', { repositoryName: name }, options)
  return { ...pulled, address: pulled.cloneUrl }
}
