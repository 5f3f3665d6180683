/** Reads how much of a source was run by its tests: a reader for each format of code coverage. */
import type { XmlElement } from '../../../../protocols/xml-parse.ts'
import {
  amount,
  attribute,
  child,
  everyOf,
  type FileCoverage,
  readJsonReport,
  readXml,
} from './report-file.ts'

type Reader = (text: string) => FileCoverage[]

/** Errors: an Error saying what is wrong with the file. */
export const COVERAGE_READERS: Readonly<Record<string, Reader>> = {
  CLOVERXML: readClover,
  COBERTURAXML: readCobertura,
  JACOCOXML: readJacoco,
  SIMPLECOV: readSimpleCov,
}

function rootOf(text: string, name: string): XmlElement {
  const root = readXml(text)
  if (root.name === name) return root
  throw new Error(`the file begins with <${root.name}> where <${name}> is expected`)
}

const number = (element: XmlElement | undefined, name: string): number => amount(attribute(element, name))

function readClover(text: string): FileCoverage[] {
  return [...everyOf(rootOf(text, 'coverage'), 'file')].map((file) => {
    const metrics = child(file, 'metrics')
    const [covered, all] = [number(metrics, 'coveredstatements'), number(metrics, 'statements')]
    const [branches, allBranches] = [number(metrics, 'coveredconditionals'), number(metrics, 'conditionals')]
    return {
      filePath: attribute(file, 'path') ?? attribute(file, 'name') ?? '',
      linesCovered: covered,
      linesMissed: Math.max(0, all - covered),
      branchesCovered: branches,
      branchesMissed: Math.max(0, allBranches - branches),
    }
  })
}

/** Classes of one file are told apart there, and together here. */
function readCobertura(text: string): FileCoverage[] {
  const files = new Map<string, Map<string, XmlElement>>()
  for (const one of everyOf(rootOf(text, 'coverage'), 'class')) {
    const name = attribute(one, 'filename') ?? ''
    const lines = files.get(name) ?? new Map<string, XmlElement>()
    for (const line of child(one, 'lines')?.children ?? []) {
      const at = attribute(line, 'number') ?? ''
      const known = lines.get(at)
      if (!known || number(line, 'hits') > number(known, 'hits')) lines.set(at, line)
    }
    files.set(name, lines)
  }
  return [...files].map(([filePath, lines]) => {
    const all = [...lines.values()]
    const covered = all.filter((line) => number(line, 'hits') > 0).length
    const conditions = all.map((line) => /\((\d+)\/(\d+)\)/.exec(attribute(line, 'condition-coverage') ?? ''))
    const sum = (of: 1 | 2) => conditions.reduce((total, one) => total + amount(one?.[of]), 0)
    return {
      filePath,
      linesCovered: covered,
      linesMissed: all.length - covered,
      branchesCovered: sum(1),
      branchesMissed: Math.max(0, sum(2) - sum(1)),
    }
  })
}

function readJacoco(text: string): FileCoverage[] {
  return [...everyOf(rootOf(text, 'report'), 'package')].flatMap((owner) =>
    owner.children
      .filter(({ name }) => name === 'sourcefile')
      .map((file) => {
        const counter = (type: string) =>
          file.children.find((one) => one.name === 'counter' && attribute(one, 'type') === type)
        return {
          filePath: [attribute(owner, 'name'), attribute(file, 'name')].filter(Boolean).join('/'),
          linesCovered: number(counter('LINE'), 'covered'),
          linesMissed: number(counter('LINE'), 'missed'),
          branchesCovered: number(counter('BRANCH'), 'covered'),
          branchesMissed: number(counter('BRANCH'), 'missed'),
        }
      }),
  )
}

/** AWS: what simplecov writes, `.resultset.json` (a set for each command) or `coverage.json`. */
function readSimpleCov(text: string): FileCoverage[] {
  const document = readJsonReport(text)
  const root = mappingOf(document)
  const sets = root.coverage ? [root.coverage] : Object.values(root).map((set) => mappingOf(set).coverage)
  if (!sets.some((set) => set !== null && typeof set === 'object'))
    throw new Error('the file is no result of simplecov')
  return sets.flatMap((set) =>
    Object.entries(mappingOf(set)).map(([filePath, file]) => {
      const lines = Array.isArray(file) ? file : mappingOf(file).lines
      const counts = (Array.isArray(lines) ? lines : []).filter((one) => typeof one === 'number')
      const covered = counts.filter((one) => one > 0).length
      const branches = Array.isArray(file) ? [] : branchCounts(mappingOf(file).branches)
      const taken = branches.filter((one) => one > 0).length
      return {
        filePath,
        linesCovered: covered,
        linesMissed: counts.length - covered,
        branchesCovered: taken,
        branchesMissed: branches.length - taken,
      }
    }),
  )
}

const mappingOf = (value: unknown): Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}

/** A mapping of conditions to their branches, or a list of branches. */
function branchCounts(value: unknown): number[] {
  const all = Array.isArray(value)
    ? value.map((one) => mappingOf(one).coverage)
    : Object.values(mappingOf(value)).flatMap((condition) => Object.values(mappingOf(condition)))
  return all.filter((one) => typeof one === 'number')
}
