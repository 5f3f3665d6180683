/** ECR: repositories with policies that hold across accounts, images, and the registry's door for their clients. */
import { service } from '../../service.ts'
import { GetAuthorizationToken } from './authorization-token.ts'
import { BatchDeleteImage, BatchGetImage } from './batch-images.ts'
import { sweep } from './blobs.ts'
import { CreateRepository } from './create-repository.ts'
import { DescribeImages, ListImages } from './describe-images.ts'
import { DescribeRegistry } from './describe-registry.ts'
import { serveRegistry } from './door/serve-registry.ts'
import { CompleteLayerUpload, InitiateLayerUpload, UploadLayerPart } from './layer-uploads.ts'
import { BatchCheckLayerAvailability, GetDownloadUrlForLayer } from './layers.ts'
import {
  DeleteLifecyclePolicy,
  GetLifecyclePolicy,
  GetLifecyclePolicyPreview,
  PutLifecyclePolicy,
  StartLifecyclePolicyPreview,
} from './lifecycle-policy.ts'
import { PutImage } from './put-image.ts'
import { DeleteRepository, DescribeRepositories } from './repositories.ts'
import { DeleteRepositoryPolicy, GetRepositoryPolicy, SetRepositoryPolicy } from './repository-policy.ts'
import { PutImageScanningConfiguration, PutImageTagMutability } from './repository-settings.ts'
import { repository } from './resources/repository.ts'
import { ListTagsForResource, TagResource, UntagResource } from './tag.ts'

export const ecr = service({
  id: 'ecr',
  operations: [
    CreateRepository,
    DescribeRepositories,
    DeleteRepository,
    PutImageTagMutability,
    PutImageScanningConfiguration,
    TagResource,
    UntagResource,
    ListTagsForResource,
    DescribeRegistry,
    SetRepositoryPolicy,
    GetRepositoryPolicy,
    DeleteRepositoryPolicy,
    PutLifecyclePolicy,
    GetLifecyclePolicy,
    DeleteLifecyclePolicy,
    StartLifecyclePolicyPreview,
    GetLifecyclePolicyPreview,
    GetAuthorizationToken,
    BatchCheckLayerAvailability,
    GetDownloadUrlForLayer,
    InitiateLayerUpload,
    UploadLayerPart,
    CompleteLayerUpload,
    PutImage,
    BatchGetImage,
    BatchDeleteImage,
    DescribeImages,
    ListImages,
  ],
  resourceTypes: [repository],
  http: serveRegistry,
  paths: ['/v2/'],
  start: sweep,
})
