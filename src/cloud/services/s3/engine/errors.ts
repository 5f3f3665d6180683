/** S3's errors in its own words. */
import { AwsError } from '../../../../model/index.ts'

export const noSuchBucket = (bucket: string): AwsError =>
  new AwsError('NoSuchBucket', 'The specified bucket does not exist', {
    status: 404,
    fields: { BucketName: bucket },
  })

export const noSuchKey = (key: string, headers?: Record<string, string>): AwsError =>
  new AwsError('NoSuchKey', 'The specified key does not exist.', {
    status: 404,
    fields: { Key: key },
    headers,
  })

export const noSuchVersion = (key: string, versionId: string): AwsError =>
  new AwsError('NoSuchVersion', 'The specified version does not exist.', {
    status: 404,
    fields: { Key: key, VersionId: versionId },
  })

export const noSuchUpload = (id: string): AwsError =>
  new AwsError(
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { status: 404, fields: { UploadId: id } },
  )

export const accessDenied = (message = 'Access Denied'): AwsError =>
  new AwsError('AccessDenied', message, { status: 403 })

/** `argument` is the header or parameter as AWS names it in the answer. */
export const invalidArgument = (message: string, argument?: string, value?: unknown): AwsError =>
  new AwsError('InvalidArgument', message, {
    fields: argument === undefined ? {} : { ArgumentName: argument, ArgumentValue: value },
  })

export const invalidRequest = (message: string): AwsError => new AwsError('InvalidRequest', message)

export const malformedXml = (): AwsError =>
  new AwsError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  )

export const preconditionFailed = (condition: string): AwsError =>
  new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    status: 412,
    fields: { Condition: condition },
  })

export const aclNotSupported = (): AwsError =>
  new AwsError('AccessControlListNotSupported', 'The bucket does not allow ACLs')
