/** What stands in a report's file, and how a file of a stranger is read: bounded, and never twice. */
import { readJson } from '../../../../../model/index.ts'
import { parseXml, type XmlElement } from '../../../../protocols/xml-parse.ts'

/** One test. AWS: the status is one of these, whatever the framework calls it (test-report statuses). */
export interface TestResult {
  readonly name: string
  readonly status: 'SUCCEEDED' | 'FAILED' | 'ERROR' | 'SKIPPED' | 'UNKNOWN'
  /** What is common to related tests: the class, the feature. */
  readonly prefix?: string
  readonly testSuiteName?: string
  readonly message?: string
  readonly nanoseconds: number
}

/** What of one source file was run. */
export interface FileCoverage {
  readonly filePath: string
  readonly linesCovered: number
  readonly linesMissed: number
  readonly branchesCovered: number
  readonly branchesMissed: number
}

/** Bytes of one file; what parses it holds everything up meanwhile. */
export const FILE_LIMIT = 16 * 1024 ** 2

/** Characters of a message that are kept. */
const MESSAGE_LIMIT = 5_000

/** Gives the root of an XML report. Errors: an Error saying what is wrong with it. */
export function readXml(text: string): XmlElement {
  try {
    return parseXml(withoutDoctype(text))
  } catch (error) {
    if (error instanceof DoctypeError) throw error
    throw new Error('the file is not well-formed XML')
  }
}

class DoctypeError extends Error {}

/** Frameworks name a document type, which says nothing here; one that brings its own entities is refused. */
function withoutDoctype(text: string): string {
  const at = text.indexOf('<!DOCTYPE')
  if (at < 0) return text
  const end = text.indexOf('>', at)
  const first = text.search(/<[A-Za-z_]/)
  if (first >= 0 && first < at) return text
  if (end < 0 || text.slice(at, end).includes('['))
    throw new DoctypeError('the file declares a document type of its own')
  return text.slice(0, at) + text.slice(end + 1)
}

/** Gives what a JSON report holds. Errors: an Error saying what is wrong with it. */
export function readJsonReport(text: string): unknown {
  try {
    return readJson(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text)
  } catch {
    throw new Error('the file is not JSON')
  }
}

/** Every element of a name at or below an element, from the top. */
export function* everyOf(element: XmlElement, name: string): Iterable<XmlElement> {
  const waiting = [element]
  for (let one = waiting.pop(); one; one = waiting.pop()) {
    if (one.name === name) yield one
    for (let at = one.children.length - 1; at >= 0; at--) waiting.push(one.children[at]!)
  }
}

export const child = (element: XmlElement | undefined, name: string): XmlElement | undefined =>
  element?.children.find((one) => one.name === name)

/** An attribute; undefined where it is absent or empty. */
export const attribute = (element: XmlElement | undefined, name: string): string | undefined =>
  (element && Object.hasOwn(element.attributes, name) && element.attributes[name]) || undefined

/** A number that is not below nothing; 0 for what is none. */
export function amount(text: string | number | undefined): number {
  const value = Number(String(text ?? '').replaceAll(',', ''))
  return Number.isFinite(value) && value > 0 ? value : 0
}

export const seconds = (text: string | undefined): number => Math.round(amount(text) * 1e9)

export function message(...parts: (string | undefined)[]): string | undefined {
  const found = parts.map((one) => one?.trim()).find(Boolean)
  return found?.slice(0, MESSAGE_LIMIT)
}
