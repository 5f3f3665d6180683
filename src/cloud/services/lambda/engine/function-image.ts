/** Container images as functions: which image is meant, and whether Lambda may have it. */
import { AwsError, imageAddress, type PolicyDocument } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { type Identity, serviceIdentity, servicePrincipal } from '../../../kernel/identity.ts'
import type { FunctionImage, FunctionVersion } from '../state.ts'
import { invalidValue } from './errors.ts'

/** AWS: "LambdaECRImageRetrievalPolicy", with what pulling takes of a repository's policy (images-create). */
const RETRIEVAL = {
  Sid: 'LambdaECRImageRetrievalPolicy',
  Effect: 'Allow',
  Principal: { Service: 'lambda.amazonaws.com' },
  Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
}

type Owner = { readonly arn: string; readonly account: string }

/** Who pulls a function's image. AWS: Lambda itself, with the function as aws:SourceArn. */
export const puller = ({ arn, account }: Owner): Identity =>
  serviceIdentity(servicePrincipal('lambda'), { arn, account })

const denied = (): AwsError =>
  new AwsError(
    'AccessDeniedException',
    'Lambda does not have permission to access the ECR image. Check the ECR permissions.',
    { status: 403 },
  )

/**
 * Gives the image that a request names, with its digest. AWS: a repository of the function's own account that does not
 * let Lambda in yet is changed so that it does, with the caller's permissions.
 * Errors: InvalidParameterValueException, AccessDeniedException.
 */
export async function imageFrom(
  ctx: Context,
  owner: Owner,
  uri: string,
): Promise<Pick<FunctionVersion, 'codeSha256' | 'codeSize'> & { image: FunctionImage }> {
  const address = imageAddress(uri)
  if (!address || address.region !== ctx.region)
    throw invalidValue(`Source image ${uri} is not valid. Provide a valid source image.`)
  if (!(await ctx.cloud.containers.engine()))
    throw invalidValue(
      `The embedded cloud runs functions that are container images where an engine of this machine runs containers, and none does: ${ctx.cloud.containers.why}.`,
    )
  const { account, repository, tag, digest } = address
  const named = { registryId: account, repositoryName: repository }
  const imageIds = [digest ? { imageDigest: digest } : { imageTag: tag }]
  const look = () => ctx.call('ecr', 'BatchGetImage', { ...named, imageIds }, { as: puller(owner) })
  const { images = [] } = await look().catch(async (error) => {
    if (error.code !== 'AccessDeniedException') throw failed(error, uri)
    if (account !== owner.account) throw denied()
    await letIn(ctx, named)
    return look().catch((again) => {
      throw failed(again, uri)
    })
  })
  const found = images[0]?.imageId?.imageDigest
  if (!found) throw invalidValue(`Source image ${uri} does not exist. Provide a valid source image.`)
  const resolvedUri = `${uri.replace(/(?::[^:/@]+)?(?:@.*)?$/, '')}@${found}`
  return { image: { uri, resolvedUri }, codeSha256: found.replace('sha256:', ''), codeSize: 0 }
}

function failed(error: unknown, uri: string): unknown {
  if (!(error instanceof AwsError)) return error
  if (error.code === 'AccessDeniedException') return denied()
  return invalidValue(`Source image ${uri} is not valid. Provide a valid source image. ${error.message}`)
}

/** Adds to a repository's policy that Lambda may pull. Errors: AccessDeniedException where the caller may not. */
async function letIn(ctx: Context, named: { registryId: string; repositoryName: string }): Promise<void> {
  const policy = await ctx.call('ecr', 'GetRepositoryPolicy', named).then(
    ({ policyText = '' }) => JSON.parse(policyText) as PolicyDocument,
    (error) => {
      if (error.code === 'RepositoryPolicyNotFoundException') return { Version: '2012-10-17', Statement: [] }
      throw error.code === 'AccessDeniedException' ? denied() : error
    },
  )
  const Statement = [...[policy.Statement ?? []].flat(), RETRIEVAL]
  await ctx
    .call('ecr', 'SetRepositoryPolicy', { ...named, policyText: JSON.stringify({ ...policy, Statement }) })
    .catch((error) => {
      throw error.code === 'AccessDeniedException' ? denied() : error
    })
}

type ImageConfig = {
  readonly EntryPoint?: readonly string[]
  readonly Command?: readonly string[]
  readonly WorkingDirectory?: string
}

/** Gives an image with what a request says instead of the image's own. */
export const withImageConfig = (image: FunctionImage, config: ImageConfig | undefined): FunctionImage =>
  config
    ? {
        uri: image.uri,
        resolvedUri: image.resolvedUri,
        entryPoint: config.EntryPoint?.length ? config.EntryPoint : undefined,
        command: config.Command?.length ? config.Command : undefined,
        workingDirectory: config.WorkingDirectory || undefined,
      }
    : image

/** Gives the settings of an image as the API shows them. */
export function describeImage({ entryPoint, command, workingDirectory }: FunctionImage) {
  const ImageConfig = {
    ...(entryPoint && { EntryPoint: [...entryPoint] }),
    ...(command && { Command: [...command] }),
    ...(workingDirectory && { WorkingDirectory: workingDirectory }),
  }
  return Object.keys(ImageConfig).length ? { ImageConfigResponse: { ImageConfig } } : {}
}
