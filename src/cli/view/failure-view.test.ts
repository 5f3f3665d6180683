import { describe, expect, test } from 'vitest'
import { fakeTerminal } from '../../../tests/fake-terminal.ts'
import { FleetError } from '../../model/index.ts'
import { printChanges } from './changes.ts'
import { printDenials, warnOfTrouble } from './denials.ts'
import { printFailedRun, printUnread } from './doctor-view.ts'
import { originText, printFailure } from './failure-view.ts'

const ROLE = 'arn:aws:iam::222222222222:role/crossdock/deploy'
const origin = { account: '222222222222', region: 'us-east-1', stack: 'app', logicalId: 'Role' }
const statement = { Effect: 'Allow' as const, Action: 's3:GetObject', Resource: '*' }
const remedy = { belongsIn: 'identity policy', advice: 'change it' }
const shown = (print: (terminal: ReturnType<typeof fakeTerminal>['terminal']) => void) => {
  const { terminal, lines } = fakeTerminal()
  print(terminal)
  return lines
}
const failure = {
  principals: [ROLE],
  actions: ['s3:GetObject'],
  resources: ['arn:x'],
  saidNo: 'a policy',
  close: [],
  remedies: [],
}

describe('a failure', () => {
  test('says who may not do what, on what, who said no, and what to add where', () => {
    const remedies = [{ ...remedy, statement, origin }, remedy]
    const lines = shown((terminal) =>
      printFailure({ ...failure, close: ['Sid "X": no'], message: 'AWS says', remedies }, terminal, ' '),
    )
    expect(lines.slice(0, 7)).toEqual([
      ' denied deploy may not s3:GetObject',
      `   who      ${ROLE}`,
      '   on       arn:x',
      '   said no  a policy',
      '   because  Sid "X": no',
      '   AWS      AWS says',
      '   fix      add to the identity policy (stack app, Role, 222222222222 us-east-1)',
    ])
    expect(
      lines
        .slice(7, -1)
        .map((line) => line.trim())
        .join(''),
    ).toBe('{"Effect": "Allow","Action": "s3:GetObject","Resource": "*"}')
    expect(lines.at(-1)).toBe('   fix      change it')
  })

  test('shows three of many', () => {
    const many = ['a', 'b', 'c', 'd', 'e']
    const lines = shown((terminal) =>
      printFailure({ ...failure, resources: many, places: many, because: many, close: many }, terminal),
    )
    expect(lines).toContain('  in       a, b, c and 2 more')
    expect(lines).toContain('  on       2 more')
    expect(lines).toContain('  why      a; b')
    expect(lines.filter((line) => line.startsWith('  because'))).toHaveLength(3)
  })

  test('has the place of its policy: file, stack, or nothing', () => {
    expect(originText({ ...origin, file: 'a.yaml', line: 2, column: 3 })).toBe(
      ' (a.yaml:2:3, stack app, Role, 222222222222 us-east-1)',
    )
    expect(originText({ account: '', region: '', stack: '', file: 'a.json' })).toBe(' (a.json)')
    expect(originText(undefined)).toBe('')
  })
})

describe('a denial', () => {
  const denial = {
    action: 's3:GetObject',
    resource: 'arn:x',
    principal: ROLE,
    message: 'not authorized',
    saidNo: 'a policy',
    close: [],
    remedies: [{ ...remedy, origin }],
  }
  const of = (said?: string) =>
    shown((terminal) => printDenials(terminal, [denial], { indent: '', ...(said !== undefined && { said }) }))

  test('is a failure, with the place of its policy', () => {
    expect(of()).toContain('  fix      change it (stack app, Role, 222222222222 us-east-1)')
    expect(of()).toContain('  AWS      not authorized')
  })

  test("does not repeat AWS's sentence where it stands above", () => {
    expect(of('User is not authorized').join()).not.toContain('AWS')
  })

  test('that could not be had is warned of', () => {
    const { terminal, warned } = fakeTerminal()
    warnOfTrouble(terminal, undefined)
    warnOfTrouble(terminal, new FleetError('the cloud tells nothing', { fix: 'start it' }))
    expect(warned).toEqual(['warning the cloud tells nothing\n  fix: start it'])
  })
})

test('changes are told with their sign, and what they replace', () => {
  const at = { account: '222222222222', region: 'us-east-1' }
  const change = (Action: string, more = {}) => ({
    ResourceChange: { Action, LogicalResourceId: 'Table', ResourceType: 'AWS::X::Y', ...more } as never,
  })
  const Details = ['Name', 'Name', 'Size'].map((Name) => ({ Target: { Name } }))
  const changes = [
    change('Add'),
    change('Remove'),
    change('Modify', { Replacement: 'True', Details }),
    change('Import'),
  ]
  expect(
    shown((terminal) =>
      printChanges(terminal, [
        { ...at, stack: 'a', changes },
        { ...at, stack: 'b', changes: [] },
      ]),
    ),
  ).toEqual([
    '  a 222222222222 us-east-1',
    '    + Table AWS::X::Y',
    '    - Table AWS::X::Y',
    '    ~ Table AWS::X::Y (replaced)  Name, Size',
    '    Import Table AWS::X::Y',
    '  b 222222222222 us-east-1',
    '    no changes',
  ])
})

describe("a live pipeline's last failed run", () => {
  const run = {
    pipeline: 'app',
    execution: 'e',
    stage: 'Prod',
    action: 'Deploy',
    messages: ['1', '2', '3', '4', '5'],
    denials: [],
    explained: [],
  }
  const printed = (explained: unknown[]) =>
    shown((terminal) => printFailedRun({ ...run, explained } as never, terminal))

  test('has four of its messages', () => {
    expect(printed([])).toEqual([
      '',
      'failed Prod › Deploy in the last run, e',
      '  1',
      '  2',
      '  3',
      '  4',
      '  what is said of it names no denied call; the permissions of this action come first below',
    ])
    expect(shown((terminal) => printFailedRun(undefined, terminal))).toEqual([])
  })

  test('says of each denied call what the policies say of it now', () => {
    const edge = (verdict: string, more = {}) => ({ verdict, ...more })
    const denied = edge('denied', { failure: { saidNo: 'the key policy', remedies: [{ statement }] } })
    const calls = [undefined, denied, edge('unknown', { assumed: 'a condition' }), edge('allowed')]
    const lines = printed(calls.map((one) => ({ action: 's3:GetObject', edge: one })))
    expect(lines).toContain('  denied somebody may not s3:GetObject on something')
    expect(lines.filter((line) => line.startsWith('         ')).map((line) => line.trim())).toEqual([
      'the message does not tell enough to prove it',
      'still so: the key policy says no; the statement to add is below',
      'not known: a condition',
      expect.stringMatching(/^the policies that could be read allow it now/),
    ])
  })

  test('what could not be read stands by its reason', () => {
    const at = { account: '222222222222', region: 'us-east-1' }
    const unread = ['a', 'b', 'c'].map((what) => ({
      ...at,
      what,
      why: what === 'c' ? 'no access' : 'not authorized',
    }))
    expect(shown((terminal) => printUnread(unread, terminal))).toEqual([
      '',
      'not read in account 222222222222: not authorized',
      '  a',
      '  b',
      'not read in account 222222222222: no access',
      '  c',
    ])
    expect(shown((terminal) => printUnread([], terminal))).toEqual([])
  })
})
