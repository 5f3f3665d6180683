/** The queue of an event source mapping, asked as the execution role of its function. */
import { AwsError } from '../../../../model/index.ts'
import { queueUrlOf } from '../../../destinations/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Identity } from '../../../kernel/identity.ts'
import type { FunctionVersion, StoredFunction } from '../state.ts'
import { invalidValue } from './errors.ts'
import type { Message, QueueRecord } from './queue-records.ts'
import { assumeExecutionRole } from './start-process.ts'

/** AWS: messages of one call. */
const MOST = 10

export class MappedQueue {
  private readonly ctx: Context
  private readonly as: Identity
  private readonly QueueUrl: string

  private constructor(ctx: Context, as: Identity, arn: string) {
    this.ctx = ctx
    this.as = as
    this.QueueUrl = queueUrlOf(arn)
  }

  /** Errors: AccessDeniedException where Lambda may not assume the role. */
  static async open(
    ctx: Context,
    stored: StoredFunction,
    { role }: Pick<FunctionVersion, 'role'>,
    arn: string,
  ): Promise<MappedQueue> {
    const { identity } = await assumeExecutionRole(ctx, stored, role)
    return new MappedQueue(ctx, identity, arn)
  }

  /** Gives the visibility timeout in seconds, and how many messages are there that cannot be received. */
  async attributes(): Promise<{ readonly visibility: number; readonly hidden: number }> {
    const { QueueUrl, as } = this
    const { Attributes = {} } = await this.ctx.call(
      'sqs',
      'GetQueueAttributes',
      { QueueUrl, AttributeNames: ['All'] },
      { as },
    )
    const { ApproximateNumberOfMessagesDelayed: delayed, ApproximateNumberOfMessagesNotVisible: flying } =
      Attributes
    return { visibility: Number(Attributes.VisibilityTimeout), hidden: Number(delayed) + Number(flying) }
  }

  /** Gives at most so many messages; waits for more until the window is over that the first of them opens. */
  async receive(size: number, window: number): Promise<Message[]> {
    const { clock, signal } = this.ctx.cloud
    const all: Message[] = []
    let until = 0
    while (all.length < size && !signal.aborted) {
      const left = all.length ? Math.ceil((until - clock.now()) / 1000) : 0
      const more = await this.receiveOnce(Math.min(MOST, size - all.length), Math.max(0, Math.min(20, left)))
      if (!all.length) until = clock.now() + window * 1000
      all.push(...more)
      if (!all.length || (!more.length && clock.now() >= until)) break
      if (window === 0) break
    }
    return all
  }

  private async receiveOnce(MaxNumberOfMessages: number, WaitTimeSeconds: number): Promise<Message[]> {
    const { QueueUrl, as } = this
    const asked = { MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All' as const] }
    const { Messages = [] } = await this.ctx.call(
      'sqs',
      'ReceiveMessage',
      { QueueUrl, MaxNumberOfMessages, WaitTimeSeconds, ...asked },
      { as },
    )
    return Messages
  }

  async delete(records: readonly QueueRecord[]): Promise<void> {
    const { QueueUrl, as } = this
    for (let start = 0; start < records.length; start += MOST) {
      const Entries = records
        .slice(start, start + MOST)
        .map(({ receiptHandle }, place) => ({ Id: String(place), ReceiptHandle: receiptHandle }))
      await this.ctx.call('sqs', 'DeleteMessageBatch', { QueueUrl, Entries }, { as })
    }
  }

  /**
   * AWS: a mapping is made only where the role may read the queue and the function is done before its messages are
   * visible again. Errors: InvalidParameterValueException.
   */
  async check({ timeout }: Pick<FunctionVersion, 'timeout'>): Promise<void> {
    const { QueueUrl, as } = this
    // No message is taken: permissions are asked before the number of messages and the handle are refused.
    await this.permitted('ReceiveMessage', () =>
      this.ctx.call('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 0 }, { as }),
    )
    await this.permitted('DeleteMessage', () =>
      this.ctx.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle: 'none' }, { as }),
    )
    const found = await this.permitted('GetQueueAttributes', () => this.attributes())
    if (found && found.visibility < timeout)
      throw invalidValue(
        `Queue visibility timeout: ${found.visibility} seconds is less than Function timeout: ${timeout} seconds`,
      )
  }

  private async permitted<T>(action: string, call: () => Promise<T>): Promise<T | undefined> {
    try {
      return await call()
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      if (/^AccessDenied/.test(error.code))
        throw invalidValue(`The provided execution role does not have permissions to call ${action} on SQS`)
      if (error.code === 'QueueDoesNotExist')
        throw invalidValue(
          `Error occurred while ${action}. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. ` +
            `SQS Error Message: ${error.message}`,
        )
      return undefined
    }
  }
}
