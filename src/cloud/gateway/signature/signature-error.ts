/** What the services of each protocol answer to a request that they cannot authenticate. */
import { AwsError } from '../../../model/index.ts'
import type { SignatureProblem, SignatureWords } from '../../kernel/signing-rules.ts'
import type { Callee } from './callee.ts'

const invalidToken = 'The security token included in the request is invalid.'
const expiredToken = 'The security token included in the request is expired'
const mismatch =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'
const noToken = 'Request is missing Authentication Token'

const wordings: Readonly<Record<'query' | 'json', SignatureWords>> = {
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

/** The error in a service's words, or else in those of its protocol; `message` replaces the usual ones. */
export function signatureError(callee: Callee, problem: SignatureProblem, message?: string): AwsError {
  const protocol = callee.protocol()
  const wording = (callee.rules.words ?? wordings[protocol === 'query' ? 'query' : 'json'])[problem]
  // AWS: REST JSON services (Lambda) answer 403 where the other JSON services answer 400.
  const status = protocol === 'rest-json' && problem !== 'incomplete' ? 403 : wording.status
  return new AwsError(wording.code, message ?? wording.message, { status })
}

/** An access key that nobody has here, and how to get one that is known. */
export class UnknownAccessKey extends AwsError {
  readonly hint: string
  constructor(hint: string) {
    super('InvalidClientTokenId', invalidToken, { status: 403 })
    this.hint = hint
  }
}

/** Problems that a credential lookup reports as STS would, by their codes there. */
const lookupProblems: Readonly<Record<string, SignatureProblem>> = {
  InvalidClientTokenId: 'unknownKey',
  InvalidToken: 'invalidToken',
  ExpiredToken: 'expiredToken',
}

/** Rewords an error of the credential lookup for the service that was called. */
export function lookupError(callee: Callee, error: unknown, hasToken: boolean): unknown {
  if (!(error instanceof AwsError)) return error
  const problem = lookupProblems[error.code]
  if (problem === undefined) return error
  const told = signatureError(callee, problem === 'unknownKey' && hasToken ? 'invalidToken' : problem)
  if (!(error instanceof UnknownAccessKey)) return told
  const { code, message, status } = told
  return new AwsError(code, `${message.replace(/\.?$/, '.')} ${error.hint}`, { status })
}
