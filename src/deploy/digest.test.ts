import type { Stack } from '@aws-sdk/client-cloudformation'
import { describe, expect, test } from 'vitest'
import { assemblyStack } from '../../tests/assembly-stack.ts'
import { TEMPLATE_BYTES } from '../model/index.ts'
import { changeSetName, isUnchanged, withDigest } from './digest.ts'

const stack = assemblyStack()
const digest = String((withDigest(stack).Outputs!.CrossdockDigest as { Value: unknown }).Value)

/** As CloudFormation shows the stack after its deployment. */
const standing: Stack = {
  StackName: 'app',
  CreationTime: new Date(0),
  StackStatus: 'UPDATE_COMPLETE',
  ChangeSetId: `arn:aws:cloudformation:us-east-1:222222222222:changeSet/${changeSetName('T')}/1`,
  Parameters: [{ ParameterKey: 'Size', ParameterValue: '3' }],
  Tags: [{ Key: 'fleet', Value: 'small' }],
  Outputs: [{ OutputKey: 'CrossdockDigest', OutputValue: digest }],
}

describe('the digest', () => {
  test('is an output beside those of the template', () => {
    const Outputs = { Arn: { Value: 'x' } }
    const marked = withDigest(assemblyStack({ template: { ...stack.template, Outputs } }))
    expect(Object.keys(marked.Outputs ?? {})).toEqual(['Arn', 'CrossdockDigest'])
    expect(digest).toMatch(/^[0-9a-f]{64}$/)
  })

  test('is left out where CloudFormation would not take the few bytes more', () => {
    const template = { Description: 'x'.repeat(TEMPLATE_BYTES.inRequest - 100), Resources: {} }
    expect(withDigest(assemblyStack({ template }))).toBe(template)
    expect(withDigest(assemblyStack({ template, templateBucket: 'b' }))).not.toBe(template)
  })
})

describe('a stack', () => {
  test('that stands as it would be deployed is unchanged', () => {
    expect(isUnchanged(standing, stack, { Size: '3' })).toBe(true)
  })

  test.each<[string, Partial<Stack>]>([
    ['is in progress', { StackStatus: 'UPDATE_IN_PROGRESS' }],
    ['was rolled back', { StackStatus: 'UPDATE_ROLLBACK_COMPLETE' }],
    ['was changed by somebody else', { ChangeSetId: 'arn:aws:x:changeSet/mine/1' }],
    ['was never changed by a set', { ChangeSetId: undefined }],
    ['has another parameter', { Parameters: [{ ParameterKey: 'Size', ParameterValue: '4' }] }],
    ['lacks a parameter', { Parameters: [] }],
    ['has another tag', { Tags: [{ Key: 'fleet', Value: 'large' }] }],
    ['has a tag more', { Tags: [...standing.Tags!, { Key: 'who', Value: 'me' }] }],
    ['has a tag of another name', { Tags: [{ Key: 'toString', Value: 'small' }] }],
    ['has no digest', { Outputs: [] }],
    ['has another digest', { Outputs: [{ OutputKey: 'CrossdockDigest', OutputValue: 'x' }] }],
  ])('that %s is not', (_, more) => {
    expect(isUnchanged({ ...standing, ...more }, stack, { Size: '3' })).toBe(false)
  })

  test('that is not there, or whose template changed, is not', () => {
    expect(isUnchanged(undefined, stack, {})).toBe(false)
    const other = assemblyStack({ template: { Resources: {} } })
    expect(isUnchanged(standing, other, { Size: '3' })).toBe(false)
  })
})
