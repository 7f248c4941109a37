/**
 * Dialogues of several connections that random streams cannot hold: commands that wait, end, mute, hold or watch other connections. Both
 * servers play them; what each connection receives has to be the same.
 *
 *     a: REQUEST     connection a asks and gets its reply
 *     a> REQUEST     … asks; the play goes on when the server has taken the request up
 *     a<             … receives one more message
 *     a!             … finds that the server has closed the connection
 *
 * `{a}` stands for the number of the connection's client.
 */

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { referenceServer, spinelServer } from '../support/programs.js'
import { RawConnection } from '../support/raw-connection.js'
import { decode, nodeText } from './comparison.js'
import { Duel, type Fighter } from './duel.js'
import { inCurrentWords } from './release-changes.js'

const SCENARIOS: Readonly<Record<string, string>> = {
  'a pop waits for a push': `
    a> BLPOP q 0
    b: RPUSH q x y
    a<
    b: LRANGE q 0 -1`,
  'those who wait are served in the order they came': `
    a> BLPOP q 0
    b> BRPOP other q 0
    c: RPUSH q 1
    a<
    c: RPUSH q 2 3
    b<
    c: EXISTS q`,
  'a transaction pushes and takes away again': `
    a> BLPOP q 0
    b: MULTI
    b: RPUSH q x
    b: DEL q
    b: EXEC
    b: RPUSH q y
    a<`,
  'a move feeds the next one': `
    a> BLMOVE first second LEFT RIGHT 0
    b> BLPOP second 0
    c: RPUSH first x
    a<
    b<
    c: EXISTS first second`,
  'a value of another type serves nobody': `
    a> BLPOP q 0
    b: SET q x
    b: DEL q
    b: RPUSH q y
    a<`,
  'several lists are looked at': `
    a> BLMPOP 0 2 p q RIGHT COUNT 2
    b: RPUSH q 1 2 3
    a<
    b: LRANGE q 0 -1`,
  'renaming a list serves who waits': `
    b: RPUSH source x
    a> BLPOP q 0
    b: RENAME source q
    a<
    b: EXISTS source q`,
  'waiting is ended by another client': `
    a> BLPOP q 0
    b: CLIENT UNBLOCK {a}
    a<
    b: CLIENT UNBLOCK {a}
    a> BRPOP q 0
    b: CLIENT UNBLOCK {a} ERROR
    a<
    a: PING`,
  'a waiting client is killed': `
    a> BLPOP q 0
    b: CLIENT KILL ID {a}
    a!
    b: RPUSH q x
    b: LLEN q`,
  'clients are killed by number and by themselves': `
    a: PING
    b: PING
    b: CLIENT KILL ID {a} SKIPME yes
    a!
    b: CLIENT KILL ID {b}
    b: CLIENT KILL ID {b} SKIPME no
    b!`,
  'a watched key is changed, deleted, or left alone': `
    a: WATCH k
    b: SET k 1
    a: MULTI
    a: SET k mine
    a: EXEC
    a: WATCH k missing
    b: DEL missing
    a: MULTI
    a: INCR k
    a: EXEC
    a: WATCH k
    b: FLUSHALL
    a: MULTI
    a: PING
    a: EXEC`,
  'watched keys of databases that change places': `
    a: SET k here
    a: WATCH k
    b: SWAPDB 0 1
    a: MULTI
    a: PING
    a: EXEC
    a: WATCH k
    b: SWAPDB 2 3
    a: MULTI
    a: PING
    a: EXEC`,
  'a watched key is touched and written with the same value': `
    a: SET k v
    a: WATCH k
    b: GET k
    b: TOUCH k
    b: EXPIRE missing 100
    a: MULTI
    a: PING
    a: EXEC
    a: WATCH k
    b: EXPIRE k 1000
    a: MULTI
    a: PING
    a: EXEC
    a: WATCH k
    b: SETRANGE k 0 v
    a: MULTI
    a: PING
    a: EXEC`,
  'a random key is drawn, of none and of one': `
    a: RANDOMKEY
    a: SET k v
    a: RANDOMKEY
    a: EXPIRE k -1
    a: RANDOMKEY`,
  'RESET leaves a transaction, a database, a name and a protocol': `
    a: CLIENT SETNAME someone
    a: SELECT 2
    a: WATCH k
    a: MULTI
    a: SET k v
    a: RESET
    a: EXEC
    a: CLIENT GETNAME
    a: HELLO 3 SETNAME again
    a: CLIENT GETNAME
    a: GET missing
    a: RESET
    a: GET missing`,
  'QUIT ends a transaction and the connection': `
    a: MULTI
    a: SET k v
    a: QUIT
    a!
    b: EXISTS k`,
  'writes wait while the server is paused for them': `
    b: CLIENT PAUSE 1000000 WRITE
    b: GET k
    a> SET k v
    b: GET k
    b: CLIENT UNPAUSE
    a<
    b: GET k`,
  'everything waits while the server is paused': `
    b: CLIENT PAUSE 300 ALL
    a: GET k
    b: CLIENT UNPAUSE
    a: SET k v`,
  'a paused transaction waits at its end': `
    a: MULTI
    a: SET k v
    b: CLIENT PAUSE 1000000 WRITE
    a> EXEC
    b: EXISTS k
    b: CLIENT UNPAUSE
    a<
    b: EXISTS k`,
  'replies are turned off, skipped and on': `
    a> CLIENT REPLY OFF
    a> SET k 1
    a> CLIENT REPLY ON
    a<
    a> CLIENT REPLY SKIP
    a> INCR k
    a: GET k`,
  'a monitor sees what the others do': `
    a: MONITOR
    b: SET k "v 1"
    a<
    b: MULTI
    b: INCR n
    b: EXEC
    a<
    a<
    a<
    b: NOSUCH x
    b: SET k
    b: GET k
    a<
    b: AUTH wrong password
    b: PING
    a<
    a<
    b: SELECT 3
    a<
    b: PING
    a<`,
  'a password is asked for from now on': `
    a: CONFIG SET requirepass secret
    a: PING
    b: PING
    d: PING
    d: AUTH wrong
    d: HELLO 3
    d: AUTH secret
    d: PING
    e: HELLO 3 AUTH default secret SETNAME e
    e: CONFIG SET requirepass ""
    f: PING`,
  'memory is used up': `
    a: SET k v
    a: CONFIG SET maxmemory 1
    a: SET k w
    a: GET k
    a: MULTI
    a: GET k
    a: SET k w
    a: EXEC
    a: DEL k
    a: CONFIG SET maxmemory 0
    a: SET k w`,
}

const reference = referenceServer()

for (const protocol of [2, 3] as const) {
  describe(`dialogues in RESP${protocol}`, { skip: reference === undefined && 'no redis-server is installed' }, () => {
    let duel: Duel | undefined
    before(async () => {
      duel = await Duel.start(reference!, spinelServer())
    })
    after(async () => await duel?.stop())

    for (const [name, script] of Object.entries(SCENARIOS)) {
      test(name, async () => {
        const lines = script.trim().split('\n').map((line) => line.trim()) // prettier-ignore
        const [theirs, ours] = await Promise.all(
          [duel!.theirs, duel!.ours].map(async (fighter) => {
            await fighter.prepare(protocol)
            const play = new Play(fighter, protocol)
            try {
              return await play.run(lines)
            } finally {
              play.end()
            }
          }),
        )
        assert.deepEqual(
          ours,
          theirs!.map((line) => inCurrentWords(duel!.referenceVersion, line)),
        )
      })
    }
  })
}

interface Actor {
  readonly connection: RawConnection
  readonly id: string
}

/** A dialogue with one server. */
class Play {
  private readonly fighter: Fighter
  private readonly protocol: 2 | 3
  private readonly actors: Map<string, Actor>

  constructor(fighter: Fighter, protocol: 2 | 3) {
    this.fighter = fighter
    this.protocol = protocol
    this.actors = new Map()
  }

  /** What each line brought. */
  async run(lines: readonly string[]): Promise<string[]> {
    const seen: string[] = []
    for (const line of lines) seen.push(`${line}  →  ${await this.line(line)}`)
    return seen
  }

  end(): void {
    for (const { connection } of this.actors.values()) connection.close()
  }

  private async line(line: string): Promise<string> {
    const { connection, id } = await this.actor(line[0]!)
    const words = this.words(line.slice(2).trim())
    switch (line[1]) {
      case ':':
        return neutral(await connection.send(...words))
      case '>':
        connection.post(...words)
        await this.untilTakenUp(id, words)
        return ''
      case '<':
        return neutral(await connection.receive())
      case '!':
        await connection.untilClosed()
        return 'closed'
      default:
        throw new Error(line)
    }
  }

  private async actor(name: string): Promise<Actor> {
    const known = this.actors.get(name)
    if (known !== undefined) return known
    const connection = await RawConnection.open(this.fighter.server.address)
    const isOpen = !(await connection.send('PING')).toString().startsWith('-NOAUTH')
    if (isOpen) await connection.send('HELLO', this.protocol)
    const id = isOpen ? nodeText(decode(await connection.send('CLIENT', 'ID'))) : ''
    const actor = { connection, id }
    this.actors.set(name, actor)
    return actor
  }

  private words(text: string): string[] {
    const words = text.match(/"[^"]*"|\S+/g) ?? []
    return words.map((word) =>
      word.replace(/^"(.*)"$/, '$1').replace(/\{(\w)\}/, (_, name: string) => this.actors.get(name)!.id),
    )
  }

  /** Waits until the server has read the request: it runs, or waits. */
  private async untilTakenUp(id: string, words: readonly string[]): Promise<void> {
    const name = words[0]!.toLowerCase() === 'client' ? `client|${words[1]!.toLowerCase()}` : words[0]!.toLowerCase()
    for (;;) {
      const list = nodeText(decode(await this.fighter.control.send('CLIENT', 'LIST')))
      if (list.split('\n').some((line) => line.includes(`id=${id} `) && line.includes(` cmd=${name} `))) return
    }
  }
}

/** A message without times, addresses and numbers of clients. */
function neutral(message: Buffer | undefined): string {
  if (message === undefined) return 'closed'
  return message
    .toString('latin1')
    .replace(/\+\d+\.\d+ \[(\d+) [^\]]*\]/, '+TIME [$1 ADDRESS]')
    .replace(/(version\r\n\$)\d+\r\n[\d.]+/, '$1VERSION')
    .replace(/(id\r\n):\d+/, '$1NUMBER')
}
