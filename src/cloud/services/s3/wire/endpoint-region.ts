/** The region of the S3 endpoint that a request was sent to, where its host names one. */
import { AwsError } from '../../../../model/index.ts'

/** `s3.eu-west-1.amazonaws.com`, `bucket.s3-eu-west-1.amazonaws.com`, `s3.dualstack.eu-west-1.amazonaws.com`. */
const REGIONAL =
  /(?:^|\.)s3[.-](?:dualstack\.)?([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com(?:\.cn)?\.?(?::\d*)?$/

/**
 * AWS: an endpoint takes signatures of its own region only, and tells which that is
 * (`The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'us-west-2'`, CloudFront developer
 * guide, HTTP 400). Hosts that name no region, such as 127.0.0.1, are every region's endpoint.
 * Gives AuthorizationHeaderMalformed or AuthorizationQueryParametersError; undefined where the regions agree.
 */
export function foreignEndpoint(sentTo: string, signedFor: string, presigned: boolean): AwsError | undefined {
  // The longest name that DNS has; the expression above takes the square of the length.
  const host = sentTo.slice(-255).toLowerCase()
  const region = REGIONAL.exec(host)?.[1]
  if (region === undefined || region === signedFor) return undefined
  const [code, what] = presigned
    ? ['AuthorizationQueryParametersError', 'Error parsing the X-Amz-Credential parameter']
    : ['AuthorizationHeaderMalformed', 'The authorization header is malformed']
  return new AwsError(code!, `${what}; the region '${signedFor}' is wrong; expecting '${region}'`, {
    status: 400,
    fields: { Region: region },
  })
}
