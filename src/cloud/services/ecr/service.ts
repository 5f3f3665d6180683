/** ECR: repositories with policies that hold across accounts, images, and the registry's door for their clients. */
import { implementation } from '../../kernel/service.ts'
import { serveRegistry } from './door/serve-registry.ts'
import { sweep } from './engine/blobs.ts'
import { kinds } from './kinds.ts'
import { BatchDeleteImage, BatchGetImage } from './operations/batch-get-image.ts'
import { CreateRepository } from './operations/create-repository.ts'
import { DescribeImages, ListImages } from './operations/describe-images.ts'
import { DescribeRegistry } from './operations/describe-registry.ts'
import { GetAuthorizationToken } from './operations/get-authorization-token.ts'
import { CompleteLayerUpload, InitiateLayerUpload, UploadLayerPart } from './operations/layer-uploads.ts'
import { BatchCheckLayerAvailability, GetDownloadUrlForLayer } from './operations/layers.ts'
import {
  DeleteLifecyclePolicy,
  GetLifecyclePolicy,
  GetLifecyclePolicyPreview,
  PutLifecyclePolicy,
  StartLifecyclePolicyPreview,
} from './operations/lifecycle-policies.ts'
import { PutImage } from './operations/put-image.ts'
import { DeleteRepository, DescribeRepositories } from './operations/repositories.ts'
import {
  DeleteRepositoryPolicy,
  GetRepositoryPolicy,
  SetRepositoryPolicy,
} from './operations/repository-policies.ts'
import { PutImageScanningConfiguration, PutImageTagMutability } from './operations/repository-settings.ts'
import { ListTagsForResource, TagResource, UntagResource } from './operations/tags.ts'
import { repository } from './resources/repository.ts'

export const ecr = implementation({
  kinds,
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
  start: sweep,
})
