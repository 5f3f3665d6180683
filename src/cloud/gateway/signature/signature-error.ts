/** What each family of services answers to a request that it cannot authenticate. */
import { AwsError } from '../../../model/index.ts'
import { knownServices, loadModel } from '../../protocols/index.ts'

type Family = 's3' | 'query' | 'json'

export type SignatureProblem =
  | 'unknownKey'
  | 'invalidToken'
  | 'expiredToken'
  | 'mismatch'
  | 'missing'
  | 'incomplete'
  | 'malformedQuery'

interface Wording {
  readonly code: string
  readonly message: string
  readonly status: number
}

const invalidToken = 'The security token included in the request is invalid.'
const expiredToken = 'The security token included in the request is expired'
const mismatch =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'
const s3Mismatch =
  'The request signature we calculated does not match the signature you provided. Check your key and signing method.'
const noToken = 'Request is missing Authentication Token'

const wordings: Readonly<Record<Family, Readonly<Record<SignatureProblem, Wording>>>> = {
  s3: {
    unknownKey: {
      code: 'InvalidAccessKeyId',
      message: 'The AWS Access Key Id you provided does not exist in our records.',
      status: 403,
    },
    invalidToken: {
      code: 'InvalidToken',
      message: 'The provided token is malformed or otherwise invalid.',
      status: 400,
    },
    expiredToken: { code: 'ExpiredToken', message: 'The provided token has expired.', status: 400 },
    mismatch: { code: 'SignatureDoesNotMatch', message: s3Mismatch, status: 403 },
    missing: { code: 'AccessDenied', message: 'Access Denied', status: 403 },
    incomplete: {
      code: 'AuthorizationHeaderMalformed',
      message: 'The authorization header that you provided is not valid.',
      status: 400,
    },
    malformedQuery: {
      code: 'AuthorizationQueryParametersError',
      message: 'Error parsing the X-Amz-Credential parameter',
      status: 400,
    },
  },
  query: {
    unknownKey: { code: 'InvalidClientTokenId', message: invalidToken, status: 403 },
    invalidToken: { code: 'InvalidClientTokenId', message: invalidToken, status: 403 },
    expiredToken: { code: 'ExpiredToken', message: expiredToken, status: 403 },
    mismatch: { code: 'SignatureDoesNotMatch', message: mismatch, status: 403 },
    missing: { code: 'MissingAuthenticationToken', message: noToken, status: 403 },
    incomplete: { code: 'IncompleteSignature', message: 'The request signature is incomplete.', status: 400 },
    malformedQuery: {
      code: 'IncompleteSignature',
      message: 'The request signature is incomplete.',
      status: 400,
    },
  },
  json: {
    unknownKey: { code: 'UnrecognizedClientException', message: invalidToken, status: 400 },
    invalidToken: { code: 'UnrecognizedClientException', message: invalidToken, status: 400 },
    expiredToken: { code: 'ExpiredTokenException', message: expiredToken, status: 400 },
    mismatch: { code: 'InvalidSignatureException', message: mismatch, status: 400 },
    missing: { code: 'MissingAuthenticationTokenException', message: noToken, status: 400 },
    incomplete: {
      code: 'IncompleteSignatureException',
      message: 'The request signature is incomplete.',
      status: 400,
    },
    malformedQuery: {
      code: 'IncompleteSignatureException',
      message: 'The request signature is incomplete.',
      status: 400,
    },
  },
}

/** The error of a service's family; `message` replaces its usual words. */
export function signatureError(service: string, problem: SignatureProblem, message?: string): AwsError {
  const wording = wordings[familyOf(service)][problem]
  // AWS: REST JSON services (Lambda) answer 403 where the other JSON services answer 400.
  const status = protocolOf(service) === 'rest-json' && problem !== 'incomplete' ? 403 : wording.status
  return new AwsError(wording.code, message ?? wording.message, { status })
}

function familyOf(service: string): Family {
  if (service === 's3') return 's3'
  return protocolOf(service) === 'query' ? 'query' : 'json'
}

function protocolOf(service: string): string | undefined {
  return knownServices.includes(service) ? loadModel(service).protocol : undefined
}

/** Problems that a credential lookup reports as STS would, by their codes there. */
const lookupProblems: Readonly<Record<string, SignatureProblem>> = {
  InvalidClientTokenId: 'unknownKey',
  InvalidToken: 'invalidToken',
  ExpiredToken: 'expiredToken',
}

/** Rewords an error of the credential lookup for the service that was called. */
export function lookupError(service: string, error: unknown, hasToken: boolean): unknown {
  if (!(error instanceof AwsError)) return error
  const problem = lookupProblems[error.code]
  if (problem === undefined) return error
  return signatureError(service, problem === 'unknownKey' && hasToken ? 'invalidToken' : problem)
}
