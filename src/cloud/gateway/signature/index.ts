/** Signatures: who sent a request, and whether its body is what was signed. */
export { type Authenticated, authenticate, type Lookup, type SignedRequest } from './authenticate.ts'
export { type Checksum, type ChecksumAlgorithm, checksumAlgorithms, createChecksum } from './checksum.ts'
export type { PayloadPolicy } from './payload-policy.ts'
export { type PayloadStream, payloadReader } from './payload-reader.ts'
export { signatureError } from './signature-error.ts'
export type { Scope } from './signed-request.ts'
export { verifyPayload } from './verify-payload.ts'
