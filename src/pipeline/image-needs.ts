/** What pushing images to ECR and pulling them from there takes. */
import type { Arn, Need } from '../model/index.ts'
import { needAll, optionally } from './provider.ts'

/** AWS: "Allow CodeBuild to interact with other AWS services" (ECRPullPolicy), AmazonECSTaskExecutionRolePolicy. */
export const IMAGE_PULL: readonly string[] = [
  'ecr:BatchCheckLayerAvailability',
  'ecr:BatchGetImage',
  'ecr:GetDownloadUrlForLayer',
]

/**
 * AWS: "IAM permissions for pushing an image to an Amazon ECR private repository"; the page has ecr:BatchGetImage too,
 * which clients call that look for an image before they push it, and docker does not.
 */
const PUSH = [
  'ecr:BatchCheckLayerAvailability',
  'ecr:CompleteLayerUpload',
  'ecr:InitiateLayerUpload',
  'ecr:PutImage',
  'ecr:UploadLayerPart',
]

/** Gives what pushing to repositories takes; nothing where there are none. A token is not bound to a repository. */
export function imagePushNeeds(principal: Arn, repositories: readonly Arn[]): Need[] {
  if (!repositories.length) return []
  const because = 'to push the images that builds make'
  return [
    ...needAll(principal, ['ecr:GetAuthorizationToken'], '*', because),
    ...repositories.flatMap((one) => [
      ...needAll(principal, PUSH, one, because),
      ...optionally(needAll(principal, ['ecr:BatchGetImage'], one, because)),
    ]),
  ]
}
