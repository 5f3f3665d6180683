/** Reads a control policy from a JSON file, and says what is wrong with it and where. */
import { readFileSync } from 'node:fs'
import { parseDocument } from 'yaml'
import { type FleetDocument, FleetErrors, readYaml } from '../fleet/index.ts'
import { compile, PolicySyntaxError, policyProblems } from '../iam/index.ts'
import {
  FleetError,
  type PolicyDocument,
  readJson,
  type SourceLocation,
  supposedPolicy,
} from '../model/index.ts'

type ControlKind = 'service control policy' | 'resource control policy'

const FIXES: Readonly<Record<ControlKind, string>> = {
  'service control policy':
    'write {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": …, "Resource": …}]}',
  'resource control policy':
    'write {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": …, "Resource": …}]}',
}

/**
 * Gives the policy's document. `named` is where the file is named, for the case that it is not there.
 * Errors: FleetError for a file that cannot be read or is no JSON; FleetErrors with every statement that is wrong.
 */
export function readControlPolicy(
  file: string,
  kind: ControlKind,
  named: SourceLocation | undefined,
): PolicyDocument {
  const document = parse(textOf(file, kind, named), file)
  const where = placesIn(document, file)
  const problems = problemsOf(document, kind)
  if (!problems.length) return document
  throw new FleetErrors(
    problems.map(
      ({ problem, statement }) =>
        new FleetError(`the ${kind} is refused: ${problem}`, {
          location: where(statement),
          fix: FIXES[kind],
        }),
    ),
  )
}

function textOf(file: string, kind: ControlKind, location: SourceLocation | undefined): string {
  try {
    // Some editors on Windows begin a file with a byte order mark, which JSON does not know.
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (!code) throw cause
    const what = code === 'ENOENT' ? `there is no file ${file}` : `${file} cannot be read: ${code}`
    throw new FleetError(what, {
      ...(location && { location }),
      fix: `name the JSON file of a ${kind}; "aws organizations describe-policy" prints its content`,
    })
  }
}

function parse(text: string, file: string): PolicyDocument {
  try {
    return readJson(text) as PolicyDocument
  } catch (error) {
    const { message } = error as Error
    throw new FleetError(
      `it is no JSON: ${message.replace(/ in JSON at position \d+.*$|, (\.\.\.)?".*$/s, '')}`,
      {
        location: placeOfError(text, file, message),
        fix: 'mend the JSON: quotes, commas and brackets',
      },
    )
  }
}

/** JSON.parse tells an offset for most errors; a YAML reader that takes JSON's values only tells the others. */
function placeOfError(text: string, file: string, message: string): SourceLocation {
  const told = /at position (\d+)/.exec(message)?.[1]
  const offset =
    told ?? (/end of JSON/.test(message) ? text.length : parseDocument(text, STRICT).errors[0]?.pos[0])
  if (offset === undefined) return { file }
  const before = text.slice(0, Number(offset)).split('\n')
  return { file, line: before.length, column: before.at(-1)!.length + 1 }
}

const STRICT = { schema: 'json', prettyErrors: false } as const

interface Problem {
  readonly problem: string
  /** Place of the statement, from 0; absent for the document as a whole. */
  readonly statement?: number
}

/** Statements are looked at one by one, so that each problem has its place. */
function problemsOf(document: PolicyDocument, kind: ControlKind): Problem[] {
  const of = kind === 'service control policy' ? 'scp' : 'rcp'
  const whole = policyProblems(document, of)
  const statements = [document?.Statement ?? []].flat()
  const ofStatements = statements.length > 0 && isReadable({ ...document, Statement: [] })
  if (!ofStatements) return whole.map(({ problem, place }) => ({ problem: problem + place }))
  const single = statements.flatMap((Statement, statement) =>
    // A name tells more than the place in the file does; a number tells less.
    policyProblems({ Version: '2012-10-17', Statement: [Statement] }, of).map(
      ({ problem, place }): Problem => ({ problem: Statement?.Sid ? problem + place : problem, statement }),
    ),
  )
  const general = policyProblems({ ...document, Statement: [] }, of).filter(
    ({ code }) => code !== 'no statements',
  )
  const repeated = whole.filter(({ code }) => code === 'repeated id')
  return [...[...general, ...repeated].map(({ problem }) => ({ problem })), ...single]
}

function isReadable(document: PolicyDocument): boolean {
  try {
    compile(document, supposedPolicy('the policy'))
    return true
  } catch (error) {
    if (error instanceof PolicySyntaxError) return false
    throw error
  }
}

/** Where statements of the file begin. The JSON is known to be right, so it is YAML too, but for tabs. */
function placesIn(document: PolicyDocument, file: string): (statement?: number) => SourceLocation {
  let places: FleetDocument | undefined
  return (statement) => {
    places ??= readYaml(readFileSync(file, 'utf8').replaceAll('\t', ' '), file)
    if (statement === undefined) return places.locate([])
    return places.locate(Array.isArray(document.Statement) ? ['Statement', statement] : ['Statement'])
  }
}
