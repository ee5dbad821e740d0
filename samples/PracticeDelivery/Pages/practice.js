// The student's page: one attempt, shown as the server says that it stands. Answers are kept here until they are saved.

const $ = (id) => document.getElementById(id)
const view = { state: null, at: 0, shown: 1, unsaved: new Map(), polling: null, redraw: '' }

const words = {
  paused: ['Paused by your proctor', 'Your answers are saved and your time is not running. The test goes on here by itself.'],
  sealed: ['This section is sealed', 'Your answers are saved and your time is not running. When your proctor opens the section, the test goes on here by itself.'],
  away: ['Welcome back', 'Asking whether you may go on…'],
  returning: ['Welcome back', 'Asking whether you may go on…'],
  lobby: ['This test is not open for you now', 'Your answers are saved. The lobby says how it goes on.'],
  submitted: ['Your test is handed in', ''],
  terminated: ['Your proctor has ended the test', 'Your answers up to this moment are saved.'],
  ended: ['This test is over', 'Your answers up to this moment are saved.'],
}

async function call(path, body) {
  const response = await fetch(`/api/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(body?.token ? 45_000 : 10_000),
  })
  const text = await response.text()
  const answer = text === '' ? null : JSON.parse(text)
  if (!response.ok) throw Object.assign(new Error(answer?.detail ?? 'It did not work.'), { status: response.status, code: answer?.code, returnUrl: answer?.returnUrl })
  return answer
}

const pause = (milliseconds) => new Promise((go) => setTimeout(go, milliseconds * (0.7 + Math.random() * 0.6)))

// Opening

async function open() {
  const fragment = new URLSearchParams(location.hash.slice(1))
  const token = fragment.get('entry')
  try {
    if (token === null) apply(await call('state'))
    else apply(await call('start', { token, return: fragment.get('return') }))
  } catch (error) {
    // A reload with the token still in the address: the attempt may already be open here.
    const mine = error.code === 'tokenUsed' ? await call('state').catch(() => null) : null
    if (mine === null) return failed(error)
    apply(mine)
  }
  history.replaceState(null, '', '/take')
  follow()
}

function failed(error) {
  const texts = {
    noAttempt: ['No test is open in this browser', 'Tests are opened from the lobby.'],
    tokenUsed: ['This link was already used', 'Go back to the lobby and enter again from there.'],
    tokenRevoked: ['This link no longer counts', 'Go back to the lobby and enter again from there.'],
    tokenExpired: ['This link is too old', 'Go back to the lobby and enter again from there.'],
    tokenInvalid: ['This link cannot be used', 'Go back to the lobby and enter again from there.'],
    notConfigured: ['Not connected', error.message],
  }
  const [title, text] = texts[error.code] ?? ['Your test could not be opened', error.status && error.status < 500 ? error.message : 'Wait a moment and try again. Nothing is lost.']
  message(title, text, '')
  $('back').hidden = !error.returnUrl
  if (error.returnUrl) $('back').href = error.returnUrl
  $('retry').hidden = error.code in texts && error.code !== 'notConfigured'
}

// Following: events while they work, otherwise asking every second.

function follow() {
  const events = new EventSource('/api/events')
  events.addEventListener('state', (event) => {
    connected(true)
    apply(JSON.parse(event.data))
  })
  events.addEventListener('ping', heartbeat)
  events.addEventListener('elsewhere', () => {
    events.close()
    elsewhere()
  })
  events.addEventListener('open', () => {
    clearTimeout(view.polling)
    view.polling = null
    heartbeat()
  })
  events.addEventListener('error', () => {
    view.polling ??= setTimeout(poll, 1000)
    if (events.readyState === EventSource.CLOSED) setTimeout(follow, 5000)
  })
}

async function poll() {
  try {
    apply(await call('state'))
    connected(true)
  } catch (error) {
    if (error.status === 401) return elsewhere()
    connected(false)
  }
  if (view.polling !== null) view.polling = setTimeout(poll, 1000)
}

function elsewhere() {
  view.state = null
  message('This test is no longer open here', 'It was opened in another place, or it is long over.', '')
}

async function heartbeat() {
  try {
    await call('heartbeat', { question: view.shown })
    connected(true)
  } catch (error) {
    connected(error.status !== undefined)
  }
}

function connected(yes) {
  $('connection').hidden = yes
}

// Saving

function choose(question, letter) {
  const saving = view.unsaved.size > 0
  view.unsaved.set(question, letter)
  view.state.questions[question - 1].answer = letter
  draw()
  if (!saving) save()
}

async function save() {
  $('saved').textContent = 'Saving…'
  while (view.unsaved.size > 0 && view.state !== null) {
    const [question, answer] = view.unsaved.entries().next().value
    try {
      const state = await call('answer', { question, answer })
      if (view.unsaved.get(question) === answer) view.unsaved.delete(question)
      connected(true)
      apply(state)
    } catch (error) {
      if (error.status === 409 || error.status === 401 || error.status === 422) {
        // Not open now: the server's state says why, and what it holds counts.
        if (error.status !== 409 || view.state?.phase !== 'paused') view.unsaved.clear()
        apply(await call('state').catch(() => view.state))
        if (view.unsaved.size === 0) return
      } else {
        connected(false)
        $('saved').textContent = 'Not saved yet. Trying again…'
      }
      await pause(1500)
    }
  }
  $('saved').textContent = 'Saved'
}

async function handIn() {
  $('confirm-yes').disabled = true
  try {
    while (view.unsaved.size > 0) await pause(200)
    apply(await call('submit', {}))
    $('confirm').close()
  } catch (error) {
    $('confirm-text').textContent = error.status === 409 ? error.message : 'It did not arrive. Try again.'
  }
  $('confirm-yes').disabled = false
}

// Drawing

function apply(state) {
  if (state === null) return
  for (const [question, answer] of view.unsaved) {
    if (state.questions[question - 1]) state.questions[question - 1].answer = answer
  }
  const first = view.state === null
  view.state = state
  view.at = performance.now()
  // Whoever was at a seal goes on behind it.
  if (first || view.phase === 'sealed') view.shown = state.looking
  view.phase = state.phase
  draw()
  tick()
}

function draw() {
  const { state } = view
  $('loading').hidden = true
  $('bar').hidden = false
  $('test-title').textContent = state.testTitle
  $('who').textContent = `${state.studentName} · ${state.sessionName}`
  $('clock').hidden = ['submitted', 'terminated', 'ended'].includes(state.phase)
  document.title = state.testTitle
  if (state.phase === 'running') return drawQuestion()

  for (const id of ['confirm', 'crossing']) if ($(id).open) $(id).close()
  const [title, text] = words[state.phase]
  if (state.phase === 'sealed' && state.seal) return atSeal(state)
  const score = state.phase === 'submitted' ? `You answered ${state.answered} of ${state.total} questions; ${state.right} of them are right. ${state.delivered ? '' : 'Telling LiveProctor…'}` : text
  message(title, score, state.reason ?? '')
  $('message').dataset.testid = { submitted: 'done', paused: 'paused' }[state.phase] ?? state.phase
  $('back').hidden = !state.returnUrl || !['submitted', 'terminated', 'ended', 'lobby'].includes(state.phase)
  if (state.returnUrl) $('back').href = state.returnUrl
}

function atSeal(state) {
  message(`“${state.seal}” is sealed`, words.sealed[1], 'If you were given a seal code, type it in the lobby; it brings you back here.')
  $('message').dataset.testid = 'sealed'
  $('back').hidden = true
  $('code').hidden = !state.returnUrl
  if (state.returnUrl) $('code').href = state.returnUrl
}

function message(title, text, reason) {
  const news = `${title}\n${reason}`
  $('loading').hidden = true
  $('question-view').hidden = true
  $('message').hidden = false
  $('message-title').textContent = title
  $('message-text').textContent = text
  $('message-reason').textContent = reason
  $('retry').hidden = true
  $('code').hidden = true
  if (view.redraw !== news) $('message-title').focus()
  view.redraw = news
}

function drawQuestion() {
  const { state } = view
  const question = state.questions[view.shown - 1]
  $('message').hidden = true
  $('question-view').hidden = false
  $('number').textContent = `Question ${question.number} of ${state.total}`
  $('section').textContent = question.section ?? ''
  $('passage').hidden = question.passage === null
  $('passage').textContent = question.passage ?? ''
  $('previous').disabled = view.shown === 1
  $('next').disabled = view.shown === state.total
  drawNavigator()

  // Building the options anew would take the focus away from them.
  const news = `question ${question.number}`
  if (view.redraw === news) {
    for (const input of $('options').querySelectorAll('input')) input.checked = input.value === question.answer
    return
  }
  view.redraw = news
  $('text').textContent = question.text
  $('options').replaceChildren(...question.options.map((option) => optionOf(question, option)))
}

function optionOf(question, { letter, text }) {
  const label = document.createElement('label')
  label.dataset.testid = 'answer-option'
  const input = Object.assign(document.createElement('input'), { type: 'radio', name: 'answer', value: letter, checked: letter === question.answer })
  input.addEventListener('change', () => choose(question.number, letter))
  const mark = Object.assign(document.createElement('span'), { className: 'letter', textContent: letter })
  const words = Object.assign(document.createElement('span'), { textContent: text })
  label.append(input, mark, words)
  return label
}

function drawNavigator() {
  const { state } = view
  const list = $('navigator')
  if (list.childElementCount !== state.total) {
    list.replaceChildren(...state.questions.map(({ number }) => {
      const button = Object.assign(document.createElement('button'), { type: 'button', textContent: number })
      button.addEventListener('click', () => show(number))
      const item = document.createElement('li')
      item.append(button)
      return item
    }))
  }
  state.questions.forEach(({ number, answer, sealed }, index) => {
    const button = list.children[index].firstChild
    button.classList.toggle('answered', answer !== null)
    button.classList.toggle('sealed', sealed)
    button.setAttribute('aria-label', `Question ${number}, ${sealed ? 'sealed' : answer === null ? 'not answered' : 'answered'}`)
    if (number === view.shown) button.setAttribute('aria-current', 'step')
    else button.removeAttribute('aria-current')
  })
}

function show(number) {
  const wanted = view.state.questions[number - 1]
  if (!wanted?.sealed) return turn(number)
  // Nothing can be worked on at a seal, so nobody comes there by a slip of the finger.
  $('crossing-text').textContent = `Your time stops at “${wanted.section}”. You cannot see any question until your proctor opens it; your answers stay.`
  $('crossing-yes').onclick = async () => {
    $('crossing').close()
    await call('heartbeat', { question: number }).catch(() => connected(false))
    apply(await call('state').catch(() => null))
  }
  $('crossing').showModal()
}

function turn(number) {
  view.shown = Math.min(Math.max(number, 1), view.state.total)
  $('saved').textContent = ''
  draw()
  $('text').focus()
  heartbeat()
}

function tick() {
  const { state } = view
  if (state === null) return
  const passed = state.running ? (performance.now() - view.at) / 1000 : 0
  const left = Math.max(0, Math.ceil(state.secondsLeft - passed))
  const parts = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60]
  $('time').textContent = parts.slice(left < 3600 ? 1 : 0).map((part) => String(part).padStart(2, '0')).join(':')
  $('time').classList.toggle('short', left <= 60)
}

$('previous').addEventListener('click', () => show(view.shown - 1))
$('next').addEventListener('click', () => show(view.shown + 1))
$('submit').addEventListener('click', () => {
  const open = view.state.questions.filter(({ answer }) => answer === null).length
  $('confirm-text').textContent = open === 0 ? 'You have answered every question.' : open === 1 ? 'One question has no answer yet.' : `${open} questions have no answer yet.`
  $('confirm').showModal()
})
$('crossing-no').addEventListener('click', () => $('crossing').close())
$('confirm-no').addEventListener('click', () => $('confirm').close())
$('confirm-yes').addEventListener('click', handIn)
$('retry').addEventListener('click', () => location.reload())
// Only the fragment differs when the lobby leads here again: the browser keeps the page, so it starts anew by itself.
addEventListener('hashchange', () => {
  if (location.hash.includes('entry=')) location.reload()
})
setInterval(tick, 500)
open()
