// The emoji of the picker, the most used first: each with the names it is found by.

const LINES = `
👍 thumbsup yes +1|👎 thumbsdown no -1|❤️ heart love|😂 joy laugh|🎉 tada party|🔥 fire|👀 eyes
✅ white_check_mark done|❌ x no|🙏 pray thanks|😭 sob cry|💯 100 hundred|🤔 thinking|👋 wave hello|✨ sparkles|🚀 rocket
😀 grinning|😃 smiley|😄 smile happy|😁 grin|😆 laughing|😅 sweat_smile|🤣 rofl|🙂 slight_smile|🙃 upside_down|😉 wink
😊 blush|😇 innocent angel|🥰 smiling_face_with_hearts|😍 heart_eyes|😘 kissing_heart|😋 yum|😛 stuck_out_tongue|🤪 zany
🤗 hugging|🤭 hand_over_mouth|🤫 shushing|🤨 raised_eyebrow|😐 neutral|😑 expressionless|😶 no_mouth|😏 smirk|😒 unamused
🙄 rolling_eyes|😬 grimacing|😌 relieved|😔 pensive|😴 sleeping|😷 mask|🤒 thermometer_face|🤢 nauseated|🤮 vomiting
🥵 hot|🥶 cold|🥴 woozy|😵 dizzy_face|🤯 exploding_head|🤠 cowboy|🥳 partying|😎 sunglasses cool|🤓 nerd|🧐 monocle
😕 confused|😟 worried|🙁 slight_frown|😮 open_mouth|😲 astonished|😳 flushed|🥺 pleading|😨 fearful|😰 cold_sweat|😢 cry
😱 scream|😖 confounded|😞 disappointed|😓 sweat|😩 weary|😫 tired|🥱 yawning|😤 triumph|😡 rage angry|🤬 cursing
😈 smiling_imp|💀 skull|💩 poop|🤡 clown|👻 ghost|👽 alien|🤖 robot bot
👌 ok_hand|✌️ v victory|🤞 fingers_crossed|🤟 love_you|🤘 metal|👈 point_left|👉 point_right|👆 point_up|👇 point_down
✋ raised_hand|👏 clap|🙌 raised_hands|🤝 handshake|💪 muscle|🧠 brain|👶 baby|🧙 mage|🕵️ detective
💔 broken_heart|🧡 orange_heart|💛 yellow_heart|💚 green_heart|💙 blue_heart|💜 purple_heart|🖤 black_heart
🤍 white_heart
🐶 dog|🐱 cat|🐭 mouse|🐰 rabbit|🦊 fox|🐻 bear|🐼 panda|🐨 koala|🦁 lion|🐸 frog|🐵 monkey|🐔 chicken|🐧 penguin|🦉 owl
🦄 unicorn|🐝 bee|🐢 turtle|🐙 octopus|🐳 whale|🌸 cherry_blossom|🌹 rose|🌳 tree|🌈 rainbow|☀️ sunny sun|🌙 moon|⭐ star
⚡ zap lightning|❄️ snowflake|🌊 ocean wave
🍎 apple|🍌 banana|🍓 strawberry|🍑 peach|🍕 pizza|🍔 burger|🍟 fries|🍿 popcorn|🍩 doughnut|🍪 cookie|🎂 birthday cake
☕ coffee|🍵 tea|🍺 beer
⚽ soccer|🏀 basketball|🎮 video_game|🎲 game_die dice|🎯 dart|🏆 trophy|🥇 first_place|🥈 second_place|🥉 third_place
🎵 musical_note|🎸 guitar|🎨 art|🚗 car|✈️ airplane|🏠 house home
💡 bulb idea|📌 pushpin|📎 paperclip|📷 camera|📚 books|📝 memo|📅 date calendar|⏰ alarm_clock|⏳ hourglass|💰 moneybag
🪙 coin|💎 gem|🎁 gift|🎈 balloon|🔔 bell|🔒 lock|🔑 key|🔨 hammer|🔧 wrench|🛡️ shield|💣 bomb|🗑️ wastebasket|📣 mega
❓ question|❗ exclamation|⚠️ warning|🚫 no_entry_sign|♻️ recycle|➕ plus|➖ minus|➡️ arrow_right|⬅️ arrow_left
⬆️ arrow_up|⬇️ arrow_down|🔁 repeat|🔴 red_circle|🟢 green_circle|🔵 blue_circle|1️⃣ one|2️⃣ two|3️⃣ three|4️⃣ four
5️⃣ five|🏳️ white_flag|🏁 checkered_flag
`;

/** `{name, names, key, insert}`: the character, what it is called, and what reactions and texts call it. */
export const EMOJI = LINES.trim()
  .split(/[|\n]/)
  .map((line) => line.trim().split(" "))
  .map(([name, ...names]) => ({ name, names: names.join(" "), key: name, insert: name, url: null }));
