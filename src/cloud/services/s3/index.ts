/** The service s3. */
import { service } from '../../service.ts'
import {
  getBucketAccelerate,
  getBucketReplication,
  getBucketRequestPayment,
  getObjectLockConfiguration,
} from './absent-configurations.ts'
import { getBucketAcl, getObjectAcl, putBucketAcl, putObjectAcl } from './acl-operations.ts'
import { bodiesOf } from './bodies.ts'
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
} from './bucket-configurations.ts'
import { deleteBucketEncryption, getBucketEncryption, putBucketEncryption } from './bucket-encryption.ts'
import { getBucketNotification, putBucketNotification } from './bucket-notification.ts'
import {
  deleteBucketPolicy,
  getBucketPolicy,
  getBucketPolicyStatus,
  putBucketPolicy,
} from './bucket-policy.ts'
import { deleteBucketTagging, getBucketTagging, putBucketTagging } from './bucket-tagging.ts'
import { getBucketVersioning, putBucketVersioning } from './bucket-versioning.ts'
import { deleteBucket, getBucketLocation, headBucket, listBuckets } from './buckets.ts'
import { completeMultipartUpload } from './complete-multipart-upload.ts'
import { copyObject } from './copy-object.ts'
import { createBucket } from './create-bucket.ts'
import { createMultipartUpload } from './create-multipart-upload.ts'
import { deleteObject, deleteObjects } from './delete-object.ts'
import { getObject, headObject } from './get-object.ts'
import { getObjectAttributes } from './get-object-attributes.ts'
import { listObjectVersions } from './list-object-versions.ts'
import { listObjects, listObjectsV2 } from './list-objects.ts'
import { abortMultipartUpload, listMultipartUploads, listParts } from './multipart-uploads.ts'
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './object-tagging.ts'
import {
  deleteBucketOwnershipControls,
  getBucketOwnershipControls,
  putBucketOwnershipControls,
} from './ownership-controls.ts'
import { deletePublicAccessBlock, getPublicAccessBlock, putPublicAccessBlock } from './public-access-block.ts'
import { putObject } from './put-object.ts'
import { bucket } from './resources/bucket.ts'
import { bucketPolicy } from './resources/bucket-policy.ts'
import { filesInUse } from './state.ts'
import { uploadPart, uploadPartCopy } from './upload-part.ts'

export const s3 = service({
  id: 's3',
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
  resourceTypes: [bucket, bucketPolicy],
  start: (cloud) => cloud.spawn('s3 sweep', () => bodiesOf(cloud).sweep(filesInUse(cloud))),
})
