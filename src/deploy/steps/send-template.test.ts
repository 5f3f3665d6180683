import { expect, test } from 'vitest'
import { assemblyStack } from '../../../tests/assembly-stack.ts'
import { fakeAccounts } from '../../../tests/fake-accounts.ts'
import { TEMPLATE_BYTES } from '../../model/index.ts'
import { sendTemplate } from './send-template.ts'

const ofSize = (bytes: number) => ({ Description: 'x'.repeat(bytes), Resources: {} })
const { accounts, calls } = fakeAccounts({ PutObject: () => ({}), DeleteObject: () => ({}) })
const sending = (template: object, text: string, templateBucket?: string) =>
  sendTemplate(
    accounts,
    assemblyStack({ template, ...(templateBucket && { templateBucket }) } as never),
    text,
    'T',
  )

test('the readable text goes within the request where it fits, else the same without white space', async () => {
  const template = ofSize(10)
  expect((await sending(template, 'readable')).source).toEqual({ TemplateBody: 'readable' })
  const wide = ' '.repeat(TEMPLATE_BYTES.inRequest + 1)
  const { source, remove } = await sending(template, wide, 'templates')
  expect(source).toEqual({ TemplateBody: JSON.stringify(template) })
  await remove()
  expect(calls).toEqual([])
})

test('a larger one goes through the bucket, and is removed when it was read', async () => {
  const template = ofSize(TEMPLATE_BYTES.inRequest)
  const { source, remove } = await sending(template, 'y'.repeat(TEMPLATE_BYTES.inBucket + 1), 'templates')
  expect(source).toEqual({ TemplateURL: 'https://templates.s3.us-east-1.amazonaws.com/app/T.json' })
  expect(calls.splice(0)).toMatchObject([
    {
      operation: 'PutObject',
      account: '222222222222',
      input: { Bucket: 'templates', Key: 'app/T.json', Body: JSON.stringify(template) },
    },
  ])
  await remove()
  expect(calls.splice(0)).toMatchObject([
    { operation: 'DeleteObject', input: { Bucket: 'templates', Key: 'app/T.json' } },
  ])
})

test.each([
  ['no bucket takes it', TEMPLATE_BYTES.inRequest, undefined],
  ['it is too large for the bucket', TEMPLATE_BYTES.inBucket, 'templates'],
])('where %s it says how large it may be', async (_, most, bucket) => {
  const template = ofSize(most)
  await expect(sending(template, JSON.stringify(template), bucket)).rejects.toThrow(
    `its template has ${JSON.stringify(template).length} bytes, and CloudFormation takes ${most}: split`,
  )
})
