/** Which bytes of an object a request wants: all of them, a range, or one part. */
import { AwsError } from '../../../../model/index.ts'
import type { ObjectVersion } from '../state.ts'
import { invalidRequest } from './errors.ts'

export interface ByteRange {
  /** Both inclusive; `end` is below `start` for an empty object. */
  readonly start: number
  readonly end: number
  /** The Content-Range header, where less than the whole was asked for. */
  readonly contentRange?: string
}

/** Errors: 416 InvalidRange or InvalidPartNumber when there is no such byte or part. */
export function wantedBytes(
  version: ObjectVersion,
  asked: { Range?: string; PartNumber?: number },
): ByteRange {
  if (asked.Range !== undefined && asked.PartNumber !== undefined)
    throw invalidRequest('Cannot specify both Range header and partNumber query parameter')
  if (asked.PartNumber !== undefined) return partRange(version, asked.PartNumber)
  const { size } = version
  return (
    (asked.Range === undefined ? undefined : parseRange(asked.Range, size)) ?? { start: 0, end: size - 1 }
  )
}

/** Gives nothing for a header that is not one range of bytes. AWS: such a header is ignored. */
export function parseRange(header: string, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header.trim())
  if (!match || (match[1] === '' && match[2] === '')) return undefined
  const isSuffix = match[1] === ''
  const start = isSuffix ? Math.max(size - Number(match[2]), 0) : Number(match[1])
  const end = isSuffix || match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1)
  if (!isSuffix && match[2] !== '' && Number(match[2]) < start) return undefined
  if (start >= size || (isSuffix && Number(match[2]) === 0))
    throw new AwsError('InvalidRange', 'The requested range is not satisfiable', {
      status: 416,
      fields: { RangeRequested: header, ActualObjectSize: size },
      headers: { 'content-range': `bytes */${size}` },
    })
  return { start, end, contentRange: `bytes ${start}-${end}/${size}` }
}

function partRange(version: ObjectVersion, number: number): ByteRange {
  const { segments, size } = version
  const isMultipart = segments[0]?.part !== undefined
  const index = isMultipart ? number - 1 : 0
  const segment = segments[index]
  if (number < 1 || (isMultipart ? !segment : number > 1))
    throw new AwsError('InvalidPartNumber', 'The requested partnumber is not satisfiable', {
      status: 416,
      fields: { PartNumberRequested: number, ActualPartCount: Math.max(segments.length, 1) },
    })
  if (!segment) return { start: 0, end: -1 }
  const start = segments.slice(0, index).reduce((sum, one) => sum + one.size, 0)
  const end = start + segment.size - 1
  return { start, end, contentRange: `bytes ${start}-${end}/${size}` }
}
