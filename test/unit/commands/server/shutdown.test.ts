import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Gate } from '../../../../src/engine/client.js'
import { serverControl, type ServerControl, type ShutdownRequest } from '../../../../src/engine/server-control.js'
import { TestStore } from '../../../support/test-store.js'
import { ask, SYNTAX } from './requests.js'

class Control implements ServerControl {
  readonly runId = '0'.repeat(40)
  readonly supervisor = 'no'
  readonly listeners = []
  readonly shutdownDeadlineMs = 0
  readonly requests: ShutdownRequest[] = []
  refusal: string | undefined
  isUnderWay = false

  shutdown(request: ShutdownRequest): string | undefined {
    this.requests.push(request)
    return this.refusal
  }

  abortShutdown(): boolean {
    return this.isUnderWay
  }

  crash(kind: string): never {
    throw new Error(kind)
  }

  exit(status: number): never {
    throw new Error(`exit ${status}`)
  }
}

function controlled(options = {}): { store: TestStore; control: Control } {
  const store = new TestStore(options)
  const control = store.store.services.provide<ServerControl>(serverControl, new Control()) as Control
  return { store, control }
}

test('SHUTDOWN: words', () => {
  const { store, control } = controlled()
  const cases: readonly (readonly [string, Partial<ShutdownRequest>])[] = [
    ['SHUTDOWN', {}],
    ['SHUTDOWN NOSAVE', { saves: false }],
    ['SHUTDOWN save now', { saves: true, isNow: true }],
    ['SHUTDOWN FORCE NOW NOSAVE', { saves: false, isNow: true, isForced: true }],
  ]
  for (const [request, expected] of cases) {
    assert.equal(ask(store, request), undefined, request)
    assert.notEqual(store.client.client.gate & Gate.blocked, 0) // nothing more of this client runs
    store.client.client.gate = 0
    assert.deepEqual(control.requests.pop(), {
      isAbort: false,
      saves: undefined,
      isNow: false,
      isForced: false,
      ...expected,
    })
  }
})

test('SHUTDOWN: errors', () => {
  const { store, control } = controlled()
  for (const request of [
    'SHUTDOWN NOSUCH',
    'SHUTDOWN SAVE NOSAVE',
    'SHUTDOWN ABORT NOW',
    'SHUTDOWN ABORT SAVE',
    'SHUTDOWN NOSAVE ABORT',
  ]) {
    assert.equal(ask(store, request), SYNTAX, request)
  }
  assert.equal(ask(store, 'SHUTDOWN ABORT'), 'ERR No shutdown in progress.')
  control.isUnderWay = true
  assert.equal(ask(store, 'SHUTDOWN ABORT'), 'OK')
  control.refusal = 'It is too late.'
  assert.equal(ask(store, 'SHUTDOWN'), 'ERR Errors trying to SHUTDOWN. It is too late.')
  ask(store, 'MULTI')
  assert.equal(ask(store, 'SHUTDOWN'), 'ERR Command not allowed inside a transaction')
})

test('SHUTDOWN needs NOW from a client that may not wait', () => {
  const { store } = controlled()
  store.client.client.gate |= Gate.denyBlocking
  assert.equal(ask(store, 'SHUTDOWN'), "ERR SHUTDOWN without NOW or ABORT isn't allowed for DENY BLOCKING client")
  assert.equal(ask(store, 'SHUTDOWN NOW'), undefined)
})

test('a store within another program cannot be shut down or crashed by a command', () => {
  const store = new TestStore({ 'enable-debug-command': 'yes' })
  const refusal = 'ERR This store is part of another program, which alone can end it'
  assert.equal(ask(store, 'SHUTDOWN NOSAVE'), refusal)
  assert.equal(ask(store, 'DEBUG SEGFAULT'), refusal)
})

test('DEBUG crashes go through the program', () => {
  const { store } = controlled({ 'enable-debug-command': 'yes' })
  assert.throws(() => store.send('DEBUG', 'PANIC'), /panic/)
})
