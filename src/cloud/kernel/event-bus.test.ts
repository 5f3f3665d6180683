/** Events reach those who listen to their kind, in the turn of the telling. */
import { expect, test } from 'vitest'
import { EventBus, event } from './event-bus.ts'

const made = event<{ readonly name: string }>('a.made')
const gone = event<{ readonly name: string }>('a.gone')

test('an event reaches the listeners of its kind, until they have heard enough', () => {
  const bus = new EventBus()
  const heard: string[] = []
  const stop = bus.on(made, ({ name }) => heard.push(name))
  bus.listen(() => heard.push('EventBridge'))

  bus.emit(made, { name: 'one' })
  bus.emit(gone, { name: 'two' })
  stop()
  bus.emit(made, { name: 'three' })

  expect(heard).toEqual(['one'])
})
