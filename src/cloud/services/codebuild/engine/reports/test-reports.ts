/** Reads the results of tests: a reader for each format that a buildspec's `file-format` may name. */
import type { XmlElement } from '../../../../protocols/xml-parse.ts'
import {
  amount,
  attribute,
  child,
  everyOf,
  message,
  readJsonReport,
  readXml,
  seconds,
  type TestResult,
} from './report-file.ts'

type Status = TestResult['status']
type Reader = (text: string) => TestResult[]

/** Errors: an Error saying what is wrong with the file. */
export const TEST_READERS: Readonly<Record<string, Reader>> = {
  JUNITXML: readJUnit,
  NUNITXML: readNUnit,
  NUNIT3XML: readNUnit3,
  TESTNGXML: readTestNg,
  VISUALSTUDIOTRX: readTrx,
  CUCUMBERJSON: readCucumber,
}

function rootOf(text: string, ...names: string[]): XmlElement {
  const root = readXml(text)
  if (names.includes(root.name)) return root
  throw new Error(
    `the file begins with <${root.name}> where ${names.map((one) => `<${one}>`).join(' or ')} is expected`,
  )
}

function readJUnit(text: string): TestResult[] {
  const root = rootOf(text, 'testsuites', 'testsuite')
  return [...everyOf(root, 'testsuite')].flatMap((suite) =>
    suite.children
      .filter(({ name }) => name === 'testcase')
      .map((one): TestResult => {
        const wrong = child(one, 'failure') ?? child(one, 'error') ?? child(one, 'skipped')
        const status = { failure: 'FAILED', error: 'ERROR', skipped: 'SKIPPED' } as const
        return {
          name: attribute(one, 'name') ?? '',
          prefix: attribute(one, 'classname') ?? attribute(suite, 'name'),
          testSuiteName: attribute(suite, 'name'),
          status: wrong ? status[wrong.name as 'failure'] : 'SUCCEEDED',
          message: message(attribute(wrong, 'message'), wrong?.text),
          nanoseconds: seconds(attribute(one, 'time')),
        }
      }),
  )
}

const NUNIT: Readonly<Record<string, Status>> = {
  success: 'SUCCEEDED',
  failure: 'FAILED',
  error: 'ERROR',
  cancelled: 'ERROR',
  notrunnable: 'ERROR',
  ignored: 'SKIPPED',
  skipped: 'SKIPPED',
  notrun: 'SKIPPED',
}

function readNUnit(text: string): TestResult[] {
  const root = rootOf(text, 'test-results')
  return [...everyOf(root, 'test-suite')].flatMap((suite) =>
    (child(suite, 'results')?.children ?? [])
      .filter(({ name }) => name === 'test-case')
      .map((one): TestResult => {
        const notRun = attribute(one, 'executed')?.toLowerCase() === 'false'
        const success = attribute(one, 'success')?.toLowerCase() === 'true' ? 'success' : 'failure'
        const result = (attribute(one, 'result') ?? (notRun ? 'notrun' : success)).toLowerCase()
        return {
          name: attribute(one, 'name') ?? '',
          prefix: attribute(suite, 'name'),
          testSuiteName: attribute(suite, 'name'),
          status: NUNIT[result] ?? 'UNKNOWN',
          message: message(
            child(child(one, 'failure'), 'message')?.text,
            child(child(one, 'reason'), 'message')?.text,
          ),
          nanoseconds: seconds(attribute(one, 'time')),
        }
      }),
  )
}

const NUNIT3: Readonly<Record<string, Status>> = {
  passed: 'SUCCEEDED',
  warning: 'SUCCEEDED',
  failed: 'FAILED',
  skipped: 'SKIPPED',
}

function readNUnit3(text: string): TestResult[] {
  const root = rootOf(text, 'test-run')
  return [...everyOf(root, 'test-case')].map((one): TestResult => {
    const isError = ['Error', 'Invalid'].includes(attribute(one, 'label') ?? '')
    const result = (attribute(one, 'result') ?? '').toLowerCase()
    return {
      name: attribute(one, 'name') ?? '',
      prefix: attribute(one, 'classname'),
      testSuiteName: attribute(one, 'classname'),
      status: result === 'failed' && isError ? 'ERROR' : (NUNIT3[result] ?? 'UNKNOWN'),
      message: message(
        child(child(one, 'failure'), 'message')?.text,
        child(child(one, 'reason'), 'message')?.text,
      ),
      nanoseconds: seconds(attribute(one, 'duration')),
    }
  })
}

const TESTNG: Readonly<Record<string, Status>> = { PASS: 'SUCCEEDED', FAIL: 'FAILED', SKIP: 'SKIPPED' }

function readTestNg(text: string): TestResult[] {
  const root = rootOf(text, 'testng-results')
  const suites = root.children.filter(({ name }) => name === 'suite')
  return suites.flatMap((suite) =>
    [...everyOf(suite, 'class')].flatMap((owner) =>
      owner.children
        .filter((one) => one.name === 'test-method' && attribute(one, 'is-config') !== 'true')
        .map((one): TestResult => {
          const exception = child(one, 'exception')
          return {
            name: attribute(one, 'name') ?? '',
            prefix: attribute(owner, 'name'),
            testSuiteName: attribute(suite, 'name'),
            status: TESTNG[attribute(one, 'status') ?? ''] ?? 'UNKNOWN',
            message: message(child(exception, 'message')?.text, attribute(exception, 'class')),
            nanoseconds: amount(attribute(one, 'duration-ms')) * 1e6,
          }
        }),
    ),
  )
}

const TRX: Readonly<Record<string, Status>> = {
  passed: 'SUCCEEDED',
  failed: 'FAILED',
  error: 'ERROR',
  timeout: 'ERROR',
  aborted: 'ERROR',
  notexecuted: 'SKIPPED',
  notrunnable: 'SKIPPED',
  pending: 'SKIPPED',
}

function readTrx(text: string): TestResult[] {
  const root = rootOf(text, 'TestRun')
  const classes = new Map(
    [...everyOf(root, 'UnitTest')].map((one) => [
      attribute(one, 'id'),
      attribute(child(one, 'TestMethod'), 'className'),
    ]),
  )
  return [...everyOf(root, 'UnitTestResult')].map((one): TestResult => {
    const owner = classes.get(attribute(one, 'testId'))
    return {
      name: attribute(one, 'testName') ?? '',
      prefix: owner,
      testSuiteName: owner,
      status: TRX[(attribute(one, 'outcome') ?? 'notexecuted').toLowerCase()] ?? 'UNKNOWN',
      message: message(child(child(child(one, 'Output'), 'ErrorInfo'), 'Message')?.text),
      nanoseconds: timeSpan(attribute(one, 'duration')),
    }
  })
}

/** `00:00:01.2500000` in nanoseconds. */
function timeSpan(text: string | undefined): number {
  const [hours, minutes, rest] = (text ?? '').split(':')
  return Math.round((amount(hours) * 3600 + amount(minutes) * 60 + amount(rest)) * 1e9)
}

interface CucumberStep {
  readonly result?: { readonly status?: string; readonly duration?: number; readonly error_message?: string }
}
interface CucumberElement {
  readonly type?: string
  readonly name?: string
  readonly steps?: CucumberStep[]
  readonly before?: CucumberStep[]
  readonly after?: CucumberStep[]
}

function readCucumber(text: string): TestResult[] {
  const features = readJsonReport(text)
  if (!Array.isArray(features)) throw new Error('the file is no list of features')
  return features.flatMap((feature: { name?: unknown; elements?: unknown } | null) =>
    listOf<CucumberElement>(feature?.elements)
      .filter((element) => element?.type !== 'background')
      .map((element) => scenario(String(feature?.name ?? ''), element)),
  )
}

const listOf = <T>(value: unknown): T[] => (Array.isArray(value) ? value : [])

function scenario(feature: string, element: CucumberElement | null): TestResult {
  const steps = [element?.before, element?.steps, element?.after].flatMap((one) => listOf<CucumberStep>(one))
  const results = steps.flatMap((step) => (step?.result ? [step.result] : []))
  const states = results.map(({ status }) => String(status).toLowerCase())
  const failed = results.find(({ status }) => String(status).toLowerCase() === 'failed')
  return {
    name: String(element?.name ?? ''),
    prefix: feature || undefined,
    testSuiteName: feature || undefined,
    status: failed ? 'FAILED' : cucumberStatus(states),
    message: message(failed?.error_message === undefined ? undefined : String(failed.error_message)),
    nanoseconds: results.reduce((sum, { duration }) => sum + amount(duration), 0),
  }
}

function cucumberStatus(states: readonly string[]): Status {
  if (states.some((one) => one === 'skipped' || one === 'pending')) return 'SKIPPED'
  if (states.every((one) => one === 'passed')) return 'SUCCEEDED'
  return 'UNKNOWN'
}
