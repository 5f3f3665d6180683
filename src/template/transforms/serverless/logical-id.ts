/** Logical ids that hold a hash of what they stand for: something else gets another id and is made anew. */
import { digestOf } from '../../digest-of.ts'

const sha1 = (text: string): string => digestOf('sha1', text).toString('hex')

/** Gives all of the hash of a text, or of data as compact JSON with its keys in order. */
export const longHash = (data: unknown): string => sha1(typeof data === 'string' ? data : sortedJson(data))

/** AWS: the first ten digits. */
export const shortHash = (data: unknown): string => longHash(data).slice(0, 10)

/** Gives compact JSON with its keys in order and everything but ASCII escaped, as Python writes it. */
export function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return asciiJson(value)
  const entries = Object.entries(value).filter(([, one]) => one !== undefined)
  entries.sort(([one], [other]) => (one < other ? -1 : 1))
  return `{${entries.map(([key, one]) => `${asciiJson(key)}:${sortedJson(one)}`).join(',')}}`
}

/** JSON of text or a number with everything but ASCII escaped. */
export const asciiJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** AWS: a stage's name is part of its id where it has letters and digits only, and a hash of it otherwise. */
export function stageSuffix(stage: unknown, word: string): string {
  const name = typeof stage === 'string' ? stage : ''
  if (/^[A-Za-z0-9]+$/.test(name)) return `${name}${word}`
  return name === '' ? word : `${word}${shortHash(name)}`
}
