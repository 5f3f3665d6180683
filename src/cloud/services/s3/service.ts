/** The service s3. */
import { implementation } from '../../kernel/service.ts'
import { bodiesOf } from './engine/bodies.ts'
import { notification } from './engine/notify.ts'
import { kinds } from './kinds.ts'
import {
  getBucketAccelerate,
  getBucketReplication,
  getBucketRequestPayment,
  getObjectLockConfiguration,
} from './operations/absent-configurations.ts'
import { getBucketAcl, getObjectAcl, putBucketAcl, putObjectAcl } from './operations/acls.ts'
import {
  deleteBucketCors,
  deleteBucketLifecycle,
  deleteBucketWebsite,
  getBucketCors,
  getBucketLifecycle,
  getBucketLogging,
  getBucketWebsite,
  putBucketCors,
  putBucketLifecycle,
  putBucketLogging,
  putBucketWebsite,
} from './operations/bucket-configurations.ts'
import {
  deleteBucketEncryption,
  getBucketEncryption,
  putBucketEncryption,
} from './operations/bucket-encryption.ts'
import { getBucketNotification, putBucketNotification } from './operations/bucket-notifications.ts'
import {
  deleteBucketPolicy,
  getBucketPolicy,
  getBucketPolicyStatus,
  putBucketPolicy,
} from './operations/bucket-policies.ts'
import { deleteBucketTagging, getBucketTagging, putBucketTagging } from './operations/bucket-tagging.ts'
import { getBucketVersioning, putBucketVersioning } from './operations/bucket-versioning.ts'
import { deleteBucket, getBucketLocation, headBucket, listBuckets } from './operations/buckets.ts'
import { completeMultipartUpload } from './operations/complete-multipart-upload.ts'
import { copyObject } from './operations/copy-object.ts'
import { createBucket } from './operations/create-bucket.ts'
import { createMultipartUpload } from './operations/create-multipart-upload.ts'
import { deleteObject, deleteObjects } from './operations/delete-object.ts'
import { getObject, headObject } from './operations/get-object.ts'
import { getObjectAttributes } from './operations/get-object-attributes.ts'
import { listObjectVersions } from './operations/list-object-versions.ts'
import { listObjects, listObjectsV2 } from './operations/list-objects.ts'
import { abortMultipartUpload, listMultipartUploads, listParts } from './operations/multipart-uploads.ts'
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './operations/object-tagging.ts'
import {
  deleteBucketOwnershipControls,
  getBucketOwnershipControls,
  putBucketOwnershipControls,
} from './operations/ownership-controls.ts'
import {
  deletePublicAccessBlock,
  getPublicAccessBlock,
  putPublicAccessBlock,
} from './operations/public-access-blocks.ts'
import { putObject } from './operations/put-object.ts'
import { uploadPart, uploadPartCopy } from './operations/upload-part.ts'
import { bucket } from './resources/bucket.ts'
import { bucketPolicy } from './resources/bucket-policy.ts'
import { filesInUse } from './state.ts'

export const s3 = implementation({
  operations: [
    createBucket,
    headBucket,
    getBucketLocation,
    listBuckets,
    deleteBucket,
    putObject,
    getObject,
    headObject,
    deleteObject,
    deleteObjects,
    copyObject,
    getObjectAttributes,
    getObjectTagging,
    putObjectTagging,
    deleteObjectTagging,
    createMultipartUpload,
    uploadPart,
    uploadPartCopy,
    completeMultipartUpload,
    abortMultipartUpload,
    listParts,
    listMultipartUploads,
    getBucketAcl,
    putBucketAcl,
    getObjectAcl,
    putObjectAcl,
    listObjectsV2,
    listObjects,
    listObjectVersions,
    putBucketVersioning,
    getBucketVersioning,
    putBucketEncryption,
    getBucketEncryption,
    deleteBucketEncryption,
    putBucketPolicy,
    getBucketPolicy,
    deleteBucketPolicy,
    getBucketPolicyStatus,
    putPublicAccessBlock,
    getPublicAccessBlock,
    deletePublicAccessBlock,
    putBucketOwnershipControls,
    getBucketOwnershipControls,
    deleteBucketOwnershipControls,
    putBucketTagging,
    getBucketTagging,
    deleteBucketTagging,
    putBucketLifecycle,
    getBucketLifecycle,
    deleteBucketLifecycle,
    putBucketCors,
    getBucketCors,
    deleteBucketCors,
    putBucketLogging,
    getBucketLogging,
    putBucketWebsite,
    getBucketWebsite,
    deleteBucketWebsite,
    putBucketNotification,
    getBucketNotification,
    getBucketAccelerate,
    getBucketRequestPayment,
    getBucketReplication,
    getObjectLockConfiguration,
  ],
  kinds,
  handOvers: [notification],
  resourceTypes: [bucket, bucketPolicy],
  start: (cloud) => cloud.spawn('s3 sweep', () => bodiesOf(cloud).sweep(filesInUse(cloud))),
})
