/** How the body of an authenticated request is to be checked. */

import type { Scope } from '../../kernel/signing-scope.ts'
import type { Callee } from './callee.ts'

/** What a signed stream continues from: its key, its time and the signature of the headers. */
export interface ChunkSeed {
  readonly key: Buffer
  readonly timestamp: string
  readonly scope: Scope
  readonly callee: Callee
  readonly signature: string
}

/** `foreignChecksums`: the checksum headers are about something else than this body, and are not checked. */
interface Common {
  readonly foreignChecksums?: boolean
}

export type PayloadPolicy = Common &
  (
    | /** Not signed; only checksums and lengths are checked. */
    { readonly kind: 'unsigned' }
    /** The body's SHA-256 was signed, in hex; `callee` words the error. */
    | { readonly kind: 'sha256'; readonly hash: string; readonly callee: Callee }
    /** The signature covers the body but its hash was not sent: `check` throws unless the signature fits this hash. */
    | { readonly kind: 'deferred'; readonly check: (hash: string) => void }
    | { readonly kind: 'signed-chunks'; readonly seed: ChunkSeed }
    | { readonly kind: 'signed-chunks-trailer'; readonly seed: ChunkSeed }
    | { readonly kind: 'unsigned-trailer' }
  )
