import { describe, expect, it } from 'vitest'
import { type PolicyDocument, supposedPolicy } from '../model/index.ts'
import { compile, programOf } from './compile.ts'
import { evaluate } from './evaluate.ts'
import { PolicySyntaxError } from './policy-syntax-error.ts'
import { statementsFor } from './program.ts'

const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }
const ref = supposedPolicy('p')
const with1 = (change: Record<string, unknown>) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ ...statement, ...change }] })

describe('compile', () => {
  it('reads JSON and keeps reference and document', () => {
    const policy = compile(with1({}), ref)
    expect(policy.ref).toBe(ref)
    expect(policy.document).toEqual({ Version: '2012-10-17', Statement: [statement] })
  })

  it('takes a lone statement', () => {
    const policy = compile({ Version: '2012-10-17', Statement: statement as never }, ref)
    expect(programOf(policy).statements).toHaveLength(1)
  })

  it('takes a list without statements, which says nothing', () => {
    expect(programOf(compile({ Statement: [] }, ref)).statements).toEqual([])
  })

  it.each([
    ['{', /^The policy document is not JSON: /],
    ['[]', 'A policy document must be a JSON object'],
    ['"text"', 'A policy document must be a JSON object'],
    ['{}', 'The policy document has no Statement'],
    ['{"Statement":["x"]}', 'Statement 1 must be a JSON object'],
    ['{"Statement":[],"Comment":"x"}', 'Unknown element "Comment" in the policy document'],
    [
      '{"Version":"2012-10-18","Statement":[]}',
      'Version must be "2012-10-17" or "2008-10-17", not "2012-10-18"',
    ],
    [with1({ Effect: 'allow' }), 'Effect must be "Allow" or "Deny" in statement 1, not "allow"'],
    [with1({ Effect: undefined }), 'Effect must be "Allow" or "Deny" in statement 1, not missing'],
    [with1({ Sid: 'Read', Actions: 'x' }), 'Unknown element "Actions" in statement "Read"'],
    [with1({ Sid: 7 }), 'Sid must be text in statement 1'],
    [with1({ Action: undefined }), 'statement 1 has neither Action nor NotAction'],
    [with1({ NotAction: 's3:*' }), 'statement 1 has both Action and NotAction; only one may stand'],
    [with1({ Action: [1] }), 'Action must be text or a list of texts in statement 1'],
    [with1({ Resource: undefined }), 'statement 1 has neither Resource nor NotResource'],
    [with1({ NotResource: '*' }), 'statement 1 has both Resource and NotResource; only one may stand'],
    [with1({ Resource: { 'Fn::Sub': 'x' } }), 'Resource must be text or a list of texts in statement 1'],
    [
      with1({ Principal: '*', NotPrincipal: '*' }),
      'statement 1 has both Principal and NotPrincipal; only one may stand',
    ],
    [
      with1({ Principal: 'arn:aws:iam::111111111111:root' }),
      'Principal must be "*" or an object such as {"AWS": …} in statement 1',
    ],
    [with1({ Principal: { Aws: '*' } }), 'Unknown element "Aws" in Principal of statement 1'],
    [with1({ Principal: { AWS: [1] } }), 'Principal.AWS must be text or a list of texts in statement 1'],
    [with1({ Condition: [] }), 'Condition must be an object in statement 1'],
    [with1({ Condition: { Bool: 'true' } }), '"Bool" must map condition keys to values in statement 1'],
    [
      with1({ Condition: { Bool: { 'aws:SecureTransport': { a: 1 } } } }),
      'The values of "aws:SecureTransport" under "Bool" must be texts in statement 1',
    ],
  ])('refuses %s', (document, message) => {
    expect(() => compile(document, ref)).toThrow(PolicySyntaxError)
    expect(() => compile(document, ref)).toThrow(message)
  })

  it.each([
    'StringEqual',
    'StringMatches',
    'ForAnyValue:Null',
    'NullIfExists',
    'ForSomeValues:StringEquals',
    'DateBefore',
    'IfExists',
  ])('refuses the unknown operator %s and names it', (operator) => {
    const document = with1({ Sid: 'Read', Condition: { [operator]: { 'aws:PrincipalOrgID': 'o-a' } } })
    expect(() => compile(document, supposedPolicy('orders'))).toThrow(
      `Unknown condition operator "${operator}" in statement "Read" of orders`,
    )
  })

  it('refuses a condition key without vendor', () => {
    const document = with1({ Condition: { StringEquals: { SourceIp: '10.0.0.1' } } })
    expect(() => compile(document, ref)).toThrow(
      'Condition key "SourceIp" under "StringEquals" must be prefaced by a vendor',
    )
  })

  it('does not read condition keys from the prototype of the context', () => {
    const document = { Version: '2012-10-17', Statement: { ...statement, Resource: '$' + '{constructor}*' } }
    const policy = compile(document as PolicyDocument, ref)
    const root = 'arn:aws:iam::111111111111:user/a'
    const caller = { kind: 'user', account: '111111111111', arn: root, principalArn: root } as const
    const request = { action: 's3:GetObject', resource: 'function', context: {} }
    expect(evaluate({ ...request, caller: { ...caller, identityPolicies: [policy] } }).effect).toBe(
      'implicitDeny',
    )
  })
})

describe('programOf', () => {
  it('compiles a policy that was not compiled, once', () => {
    const document = { Version: '2012-10-17', Statement: [statement] } as PolicyDocument
    const first = programOf({ ref, document })
    expect(first.statements[0]?.allows).toBe(true)
    expect(programOf({ ref, document })).toBe(first)
  })
})

describe('statementsFor', () => {
  it('keeps the statements of an action', () => {
    const program = programOf(compile(with1({}), ref))
    expect(statementsFor(program, 's3:getobject')).toBe(statementsFor(program, 's3:getobject'))
    expect(statementsFor(program, 's3:putobject')).toEqual([])
  })

  it('forgets actions rather than grow without end', () => {
    const program = programOf(compile(with1({}), ref))
    for (let i = 0; i < 3000; i++) statementsFor(program, `s3:action${i}`)
    expect(program.byAction.size).toBeLessThanOrEqual(1024)
    expect(statementsFor(program, 's3:getobject')).toHaveLength(1)
  })
})
