console.log(`mmscope ${__VERSION__} (${__BUILD__})`);
