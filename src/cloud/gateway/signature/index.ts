/** Signatures: who sent a request, and whether its body is what was signed. */
export { authenticate, type SignedRequest } from './authenticate.ts'
export type { Callee, Callees } from './callee.ts'
export type { PayloadPolicy } from './payload-policy.ts'
export { payloadReader } from './payload-reader.ts'
export { UnknownAccessKey } from './signature-error.ts'
export { verifyPayload } from './verify-payload.ts'
