/** What S3 answers where a request was signed for another region than its bucket's. */
import { AwsError } from '../../../../model/index.ts'
import type { Bucket } from '../state.ts'

/**
 * The regions that S3 had before March 20, 2019. AWS: "For all Regions that launched after March 20, 2019, if a request
 * arrives at the wrong Amazon S3 location, Amazon S3 returns an HTTP 400 Bad Request error"
 * (Amazon S3 user guide, Request redirection and the REST API).
 */
const REDIRECTING =
  /^(us-(east|west)-[12]|ca-central-1|sa-east-1|eu-(west-[123]|(central|north)-1)|ap-(south-1|northeast-[123]|southeast-[12])|cn-north(west)?-1|us-gov-(east|west)-1)$/

/**
 * The error for a bucket that lies elsewhere. AWS: it names the bucket's region in a header, by which clients follow.
 * Gives PermanentRedirect, or IllegalLocationConstraintException where one of the two regions is a younger one.
 */
export function elsewhere(endpoint: string, { name, region }: Bucket): AwsError {
  const headers = { 'x-amz-bucket-region': region }
  if (REDIRECTING.test(endpoint) && REDIRECTING.test(region))
    return new AwsError(
      'PermanentRedirect',
      'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
      { status: 301, fields: { Endpoint: `s3.${region}.amazonaws.com`, Bucket: name }, headers },
    )
  return wrongLocation(region === 'us-east-1' ? undefined : region, headers)
}

/** AWS: a bucket of us-east-1 has no constraint, and is spoken of so. */
export const wrongLocation = (constraint: string | undefined, headers?: Record<string, string>): AwsError =>
  new AwsError(
    'IllegalLocationConstraintException',
    `The ${constraint ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    { headers },
  )
