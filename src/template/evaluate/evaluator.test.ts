import { describe, expect, test } from 'vitest'
import { patterns } from '../values/patterns.ts'
import { shown } from '../values/shown.ts'
import { unknownsIn } from '../values/unknowns.ts'
import { Choice, Text, Unknown, type Value } from '../values/value.ts'
import { Evaluator } from './evaluator.ts'

const parameter = (name: string, looks?: ConstructorParameters<typeof Unknown>[2]) =>
  new Unknown(`${name} of orders`, { kind: 'parameter', name }, looks)

const P = parameter('P')
const Name = parameter('Name', { looks: 'name' })
const Stage = parameter('Stage', { looks: ['dev', 'prod'] })
const List = parameter('List', { looks: 'list' })

function evaluator() {
  return new Evaluator({
    place: 'orders',
    region: 'eu-west-1',
    values: new Map<string, Value>([
      ['P', P],
      ['Name', Name],
      ['Stage', Stage],
      ['List', List],
      ['Known', 'known'],
      ['Items', ['a', 'b']],
    ]),
    mappings: {
      M: { dev: { Size: 'small' }, prod: { Size: 'large' } },
      Same: { a: { v: 'x' }, b: { v: 'x' } },
    },
    conditions: {
      Locked: { 'Fn::Equals': [{ Ref: 'P' }, 'yes'] },
      Open: { 'Fn::Not': [{ Condition: 'Locked' }] },
      Never: { 'Fn::And': [{ Condition: 'Locked' }, { 'Fn::Equals': ['a', 'b'] }] },
      Always: { 'Fn::Or': [{ Condition: 'Locked' }, { 'Fn::Equals': ['a', 'a'] }] },
      Self: { 'Fn::Equals': [{ Ref: 'P' }, { Ref: 'P' }] },
      Other: { 'Fn::Equals': [{ 'Fn::Sub': 'x-${P}' }, 'y-1'] },
      Third: { 'Fn::Equals': [{ Ref: 'Stage' }, 'test'] },
      Circle: { Condition: 'Circle' },
    },
    reference: (id) => new Unknown(`${id} of orders`, { kind: 'made up', id }),
    attribute: (id, attribute) =>
      new Unknown(`${id}.${attribute} of orders`, { kind: 'attribute', id, attribute }),
    imported: (name) => `imported ${String(name)}`,
    dynamic: (reference) => new Unknown(`{{resolve:${reference}}}`, { kind: 'dynamic', name: reference }),
  })
}

const value = (written: unknown) => evaluator().value(written)
const decided = (name: string) => evaluator().condition(name)

describe('what nobody knows', () => {
  test('leaves a hole in text', () => {
    const text = value({ 'Fn::Sub': 'arn:aws:s3:::${P}/${Known}' })
    expect(text).toEqual(new Text(['arn:aws:s3:::', P, '/known']))
    expect(patterns(text)).toEqual(['arn:aws:s3:::*/known'])
    expect(shown(text!)).toBe('arn:aws:s3:::{{changeSet:KNOWN_AFTER_APPLY}}/known')
    expect(value({ 'Fn::Join': ['-', ['a', { Ref: 'P' }, { Ref: 'AWS::NoValue' }]] })).toEqual(
      new Text(['a-', P]),
    )
    expect(value({ 'Fn::ToJsonString': { a: { Ref: 'P' } } })).toEqual(new Text(['{"a":"', P, '"}']))
  })

  test('is one of all that it may be', () => {
    expect(patterns(value({ 'Fn::Sub': '${Stage}-x' }))).toEqual(['dev-x', 'prod-x'])
    expect(patterns(value({ 'Fn::FindInMap': ['M', { Ref: 'P' }, 'Size'] }))).toEqual(['small', 'large'])
    expect(value({ 'Fn::FindInMap': ['Same', { Ref: 'P' }, 'v'] })).toBe('x')
  })

  test('is split where it cannot hold the delimiter, and known up to where it can', () => {
    const split = (delimiter: string, name: string) => ({
      'Fn::Split': [delimiter, { 'Fn::Sub': `a/\${${name}}:b:c` }],
    })
    expect(value(split(':', 'Name'))).toEqual([new Text(['a/', Name]), 'b', 'c'])
    const open = value({ 'Fn::Split': [':', { 'Fn::Sub': 'arn:aws:${P}:c' }] })
    expect(open).toMatchObject({ head: ['arn', 'aws'], looks: 'list' })
    expect(value({ 'Fn::Select': [1, { 'Fn::Split': [':', { 'Fn::Sub': 'arn:aws:${P}:c' }] }] })).toBe('aws')
    expect(
      value({ 'Fn::Select': [3, { 'Fn::Split': [':', { 'Fn::Sub': 'arn:aws:${P}:c' }] }] }),
    ).toBeInstanceOf(Unknown)
  })

  test('is a dynamic reference within text', () => {
    const text = value('x-{{resolve:ssm:/a}}-y')
    expect(unknownsIn(text).map((one) => one.why)).toEqual([{ kind: 'dynamic', name: 'ssm:/a' }])
  })

  test('is no list in text, as on AWS', () => {
    const list = { 'Fn::Sub': 'x${Items}' }
    expect(() => value(list)).toThrow('variable Items in Fn::Sub expression does not resolve to a string')
    expect(() => value({ 'Fn::Sub': 'x${List}' })).toThrow('variable List in Fn::Sub')
    expect(value({ 'Fn::Join': [',', { Ref: 'List' }] })).toBeInstanceOf(Unknown)
  })
})

describe('conditions', () => {
  test('are decided as far as anybody can', () => {
    expect(decided('Never')).toBe(false)
    expect(decided('Always')).toBe(true)
    expect(decided('Self')).toBe(true)
    expect(decided('Other')).toBe(false)
    expect(decided('Third')).toBe(false)
    expect(decided('Locked')).toMatchObject({ name: 'Locked', hangsOn: [P] })
    expect(decided('Open')).toMatchObject({ name: 'Open', hangsOn: [P] })
    expect(() => decided('Circle')).toThrow('circular condition dependency')
    expect(() => decided('constructor')).toThrow('Condition constructor is not defined')
  })

  test('give both values where they are not decided, and the same one for the same condition', () => {
    const either = { 'Fn::If': ['Locked', 'a', { Ref: 'AWS::NoValue' }] }
    const choice = value(either)
    expect(choice).toBeInstanceOf(Choice)
    expect(patterns(choice)).toEqual(['a', undefined])
    const twice = {
      'Fn::Join': ['-', [{ 'Fn::If': ['Locked', 'a', 'b'] }, { 'Fn::If': ['Locked', 'c', 'd'] }]],
    }
    expect(patterns(value(twice))).toEqual(['a-c', 'b-d'])
    const nested = { 'Fn::If': ['Locked', { 'Fn::If': ['Locked', 'in', 'never'] }, 'out'] }
    expect(patterns(value(nested))).toEqual(['in', 'out'])
    expect(value({ 'Fn::If': ['Locked', 'same', 'same'] })).toBe('same')
  })
})

test('what holds no function is the very same object', () => {
  const written = { a: [1, { b: 'x' }] }
  expect(value(written)).toBe(written)
})
