import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { UsageError } from './command.ts'
import { checkValues, suggestion, templateFile, templateText, valuesOf } from './named-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossdock-named-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'app.yaml')
writeFileSync(
  file,
  `Parameters:
  Stage: { Type: String, AllowedValues: [dev, prod] }
  Name: { Type: String, AllowedPattern: '[a-z]+' }
  Many: { Type: CommaDelimitedList, AllowedPattern: '[a-z]+' }
  Numbers: { Type: List<Number>, AllowedValues: [1, 2] }
  Odd: { Type: String, AllowedPattern: '(?<' }
Resources: { Topic: { Type: AWS::SNS::Topic } }
`,
)

describe('a file', () => {
  test('is the template in it, with places', () => {
    const found = templateFile(file, {})
    expect(found.file).toBe(file)
    expect(found.template.Resources).toHaveProperty('Topic')
    expect(found.placeOf(['Parameters', 'Name'])).toMatchObject({ line: 3 })
  })

  test('may be placed by whatever has a region and more besides', () => {
    const path = join(folder, 'serverless.yaml')
    writeFileSync(
      path,
      `Transform: AWS::Serverless-2016-10-31
Resources:
  Function: { Type: AWS::Serverless::Function, Properties: { InlineCode: x, Handler: index.handler, Runtime: nodejs22.x } }
`,
    )
    const stack = { region: 'eu-west-1', account: '222222222222', parameters: { CodeKey: undefined } }
    expect(templateFile(path, {}, stack).template.Resources).toHaveProperty('FunctionRole')
  })

  test.each([
    [join(folder, 'ap.yaml'), /^there is no file .*ap\.yaml; did you mean "app\.yaml"\?$/],
    [join(folder, 'nothing-like-it'), /^there is no file .*nothing-like-it$/],
    [join(folder, 'no', 'app.yaml'), /^there is no file/],
    [folder, /is a folder; name the template in it$/],
  ])('%s that is none is wrong usage', (path, message) => {
    expect(() => templateFile(path, {})).toThrow(message)
    expect(() => templateFile(path, {})).toThrow(UsageError)
  })

  test('that is no template says where, and what to do', () => {
    const thrown = (text: string) => {
      try {
        templateText(text, 'x.yaml')
      } catch (error) {
        return String(error)
      }
      return 'nothing'
    }
    expect(thrown('Resources: [')).toMatch(/^x\.yaml:\d+:\d+: /)
    expect(thrown('just a text')).toContain('x.yaml')
  })
})

describe('values', () => {
  const check = (values: Record<string, string>) => () => checkValues(templateFile(file, {}), values)

  test.each<[Record<string, string>]>([
    [{ Stage: 'dev', Name: 'abc' }],
    [{ Many: 'a, b' }],
    [{ Numbers: '1,2' }],
    [{ Odd: 'anything' }],
    [{ Topic: 'arn:of:the:topic' }],
  ])('%j are taken', (values) => {
    expect(check(values)).not.toThrow()
  })

  test.each<[Record<string, string>, string, string]>([
    [{ Stage: 'test' }, 'the parameter Stage does not take "test"', 'give one of dev, prod'],
    [{ Name: 'abc1' }, 'the parameter Name does not take "abc1"', 'give what matches [a-z]+'],
    [{ Many: 'a,1' }, 'the parameter Many does not take "a,1"', 'give what matches [a-z]+'],
    [{ Numbers: '1,3' }, 'the parameter Numbers does not take "1,3"', 'give one of 1, 2'],
    [{ Stages: 'dev' }, 'the template has no parameter Stages', 'write Stage=…'],
    [{ Other: 'x' }, 'the template has no parameter Other', 'name one of Stage, Name, Many, Numbers, Odd'],
  ])('%j are refused at their place', (values, message, fix) => {
    expect(check(values)).toThrow(
      expect.objectContaining({ message, fix, location: expect.objectContaining({ file }) }),
    )
  })

  test('are read from parts; one without a name goes on with the value before it', () => {
    const refuse = (part: string) => {
      throw new Error(`refused ${part}`)
    }
    expect(valuesOf(['A=1', '2', 'B=x=y', 'C='], refuse)).toEqual({ A: '1,2', B: 'x=y', C: '' })
    expect(() => valuesOf(['2', 'A=1'], refuse)).toThrow('refused 2')
  })

  test('that are near another are asked about', () => {
    expect([suggestion('x'), suggestion(undefined)]).toEqual(['; did you mean "x"?', ''])
  })
})
