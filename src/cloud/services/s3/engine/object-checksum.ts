/** Checksums of objects: which one a request states or asks for, and how it is stored and answered. */

import { AwsError } from '../../../../model/index.ts'
import { type ChecksumAlgorithm, checksumAlgorithms, createChecksum } from '../../../machine/checksum.ts'
import type { Checksum } from '../state.ts'
import { invalidRequest } from './errors.ts'

/** A request's checksum members, by `Checksum<ALGORITHM>`. */
export type ChecksumInput = { readonly ChecksumAlgorithm?: string } & { readonly [member: string]: unknown }

const memberOf = (algorithm: string): string => `Checksum${algorithm}`

/** Gives the algorithm by its name. Errors: InvalidRequest for an unknown one, NotImplemented for one not had here. */
export function knownAlgorithm(name: string): ChecksumAlgorithm {
  const found = checksumAlgorithms.find((one) => one === name)
  if (found) return found
  if (name.startsWith('XXHASH'))
    throw new AwsError(
      'NotImplemented',
      `The embedded cloud does not support the checksum algorithm ${name}.`,
      {
        status: 501,
      },
    )
  throw invalidRequest(
    'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
  )
}

/** Watches a body go by for the checksum that its request states or asks for. */
export class ChecksumWatch {
  private readonly algorithm: ChecksumAlgorithm | undefined
  private readonly stated: string | undefined
  /** Trailers of a body that came over the wire, which has checked them and any stated checksum by its end. */
  private readonly trailers: Readonly<Record<string, string>> | undefined
  private readonly running: ReturnType<typeof createChecksum> | undefined

  constructor(input: ChecksumInput, body?: unknown) {
    this.trailers = (body as { trailers?: Record<string, string> } | undefined)?.trailers
    const inHeader = checksumAlgorithms.find((one) => input[memberOf(one)] !== undefined)
    this.stated = inHeader && String(input[memberOf(inHeader)])
    this.algorithm =
      inHeader ??
      (input.ChecksumAlgorithm === undefined ? undefined : knownAlgorithm(input.ChecksumAlgorithm))
    const isChecked = this.trailers !== undefined && this.stated !== undefined
    if (this.algorithm && !isChecked) this.running = createChecksum(this.algorithm)
  }

  get inspect(): ((chunk: Uint8Array) => void) | undefined {
    const { running } = this
    return running && ((chunk) => running.update(chunk))
  }

  /** Once the body was read to its end. Errors: BadDigest. */
  result(): Checksum | undefined {
    const trailing = this.trailing()
    if (trailing) return trailing
    if (!this.algorithm) return undefined
    const computed = this.running?.digest().toString('base64')
    if (computed !== undefined && this.stated !== undefined && computed !== this.stated)
      throw new AwsError(
        'BadDigest',
        `The ${this.algorithm} you specified did not match the calculated checksum.`,
      )
    return { algorithm: this.algorithm, value: computed ?? this.stated!, type: 'FULL_OBJECT' }
  }

  private trailing(): Checksum | undefined {
    for (const algorithm of checksumAlgorithms) {
      const value = this.trailers?.[`x-amz-checksum-${algorithm.toLowerCase()}`]
      if (value !== undefined) return { algorithm, value, type: 'FULL_OBJECT' }
    }
    return undefined
  }
}

/** The answer's members for a checksum: `ChecksumCRC32` and its type. */
export function checksumFields(checksum: Checksum | undefined): Record<string, string> {
  if (!checksum) return {}
  return { [memberOf(checksum.algorithm)]: checksum.value, ChecksumType: checksum.type }
}
